import { Agent, request } from 'node:http';
import autocannon from 'autocannon';
import { processUse } from './process-use.ts';

/** Where requests go. `pid`: whose CPU counts. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Headers that are made anew for each request. */
  readonly fresh?: () => Readonly<Record<string, string>>;
}

export type Size = 'small' | 'picture' | 'full';

const MODELS = { small: 'gpt-image-small', picture: 'gpt-image-1', full: 'gpt-image-full' } as const;

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number;
  readonly peakMb: number;
}

const PATH = '/v1/images/generations';

function bodyOf(size: Size): string {
  return JSON.stringify({ model: MODELS[size], prompt: 'a red ball on a blue table', size: '1024x1024', n: 1 });
}

/** The same request over and over from `connections` connections. Throws when one was not answered with a 2xx. */
export async function load(target: Target, size: Size, connections: number, seconds: number): Promise<LoadResult> {
  const options = { url: `${target.url}${PATH}`, method: 'POST', headers: target.headers, body: bodyOf(size), timeout: 60 };
  const before = processUse(target.pid);
  const { requests, latency, duration, non2xx, errors } = await autocannon({ ...options, connections, duration: seconds });
  const after = processUse(target.pid);
  if (non2xx + errors > 0) throw new Error(`${target.name}: ${non2xx} bad answers and ${errors} errors of ${requests.total}`);
  return {
    perSecond: requests.total / duration,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    cpuMsPerRequest: (after.cpuMs - before.cpuMs) / Math.max(1, requests.total),
    peakMb: after.peakMb,
  };
}

/** Time of one request in milliseconds, from the first byte sent to the last one read. */
export function once(target: Target, size: Size, agent: Agent): Promise<number> {
  const body = bodyOf(size);
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const call = request(
      `${target.url}${PATH}`,
      { method: 'POST', agent, headers: { ...target.headers, ...target.fresh?.(), 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - startedAt);
          else reject(new Error(`${target.name}: status ${response.statusCode}`));
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

export interface ProbeOptions {
  readonly rounds: number;
  /** Requests to each target in one round. */
  readonly each: number;
  /** Rounds before those that count; 1 unless told. A process that runs for days is measured after more of them: its code is compiled by then. */
  readonly warmUp?: number;
}

/** One caller, one request at a time, the targets taking turns, so that a busy spell of the machine hits all of them. */
export async function probe(
  targets: readonly Target[],
  size: Size,
  { rounds, each, warmUp = 1 }: ProbeOptions,
): Promise<ReadonlyMap<string, number[]>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = new Map<string, number[]>(targets.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round < warmUp + rounds; round++) {
      for (const target of targets) {
        for (let i = 0; i < each; i++) {
          const ms = await once(target, size, agent);
          if (round >= warmUp) times.get(target.name)?.push(ms);
        }
      }
    }
  } finally {
    agent.destroy();
  }
  return times;
}
