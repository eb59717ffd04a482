/**
 * How many texts a second `POST /v1/moderations` judges: `imprimatur serve` as a newcomer runs it, the standard policy, every
 * text different from all others, 125 characters on average. The load generator runs on the same cores.
 *
 *   npx tsx bench/run.ts moderations [--seconds 8]
 *
 * And how long the whole local path takes for one prompt, and to load, each time in a fresh process.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from './child-process.ts';
import { processUse } from './process-use.ts';
import { captions } from './prompts/captions.ts';
import { note, writeResult } from './results.ts';
import { median, quantile, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '8' }, loads: { type: 'string', default: '15' } } });
const seconds = Number(values.seconds);
const program = fileURLToPath(new URL('../bin/imprimatur.mjs', import.meta.url));
const PORT = 18_789;
const url = `http://127.0.0.1:${PORT}`;

interface Door {
  readonly key: string;
  readonly agent: Agent;
}

/** Milliseconds until the last byte of the answer. */
function moderate(body: string, { key, agent }: Door): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(`${url}/v1/moderations`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedAt);
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

interface Load {
  readonly batch: number;
  readonly connections: number;
}

/** Several callers, each with one request at a time, for some seconds. */
async function load({ batch, connections }: Load, key: string, pid: number) {
  const door = { key, agent: new Agent({ keepAlive: true, maxSockets: connections }) };
  const texts = captions(batch);
  const bodyOf = () => JSON.stringify({ input: Array.from({ length: batch }, () => texts()) });
  const ready = Array.from({ length: Math.ceil((40_000 * seconds) / batch / 2) }, bodyOf);
  const times: number[] = [];
  let sent = 0;
  const [before, startedAt] = [processUse(pid), performance.now()];
  const until = startedAt + seconds * 1000;
  const caller = async () => {
    while (performance.now() < until) times.push(await moderate(ready[sent++] ?? bodyOf(), door));
  };
  await Promise.all(Array.from({ length: connections }, caller));
  const tookMs = performance.now() - startedAt;
  const after = processUse(pid);
  door.agent.destroy();
  const judged = times.length * batch;
  return {
    batch,
    connections,
    perSecond: rounded((judged / tookMs) * 1000),
    cpuUsEach: rounded(((after.cpuMs - before.cpuMs) * 1000) / judged),
    p50Ms: rounded(median(times)),
    p99Ms: rounded(quantile(times, 0.99)),
  };
}

async function answers(): Promise<void> {
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let i = 0; i < 3_000; i++) {
    if (await isReady()) return;
    await sleep(10);
  }
  throw new Error('the gateway did not answer within 30 s');
}

async function throughput() {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const dataDir = join(home, 'data');
  const args = [program, 'serve', '--data-dir', dataDir, '--port', String(PORT), '--log-level', 'warn'];
  const gateway = await startChild({ args, ready: answers });
  try {
    const { api = '' } = JSON.parse(await readFile(join(dataDir, 'development-keys.json'), 'utf8'));
    await load({ batch: 256, connections: 2 }, api, gateway.pid);
    const rows = [];
    for (const one of [
      { batch: 256, connections: 1 },
      { batch: 256, connections: 4 },
      { batch: 32, connections: 8 },
      { batch: 1, connections: 16 },
    ]) {
      const row = await load(one, api, gateway.pid);
      note(`batches of ${one.batch}, ${one.connections} connections: ${row.perSecond}/s, ${row.cpuUsEach} µs of CPU each`);
      rows.push(row);
    }
    return rows;
  } finally {
    await gateway.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Times of single loads, each in a process of its own that has loaded nothing before. */
async function loading(...flags: readonly string[]) {
  const times: Record<string, number[]> = {};
  for (let i = 0; i < Number(values.loads); i++) {
    const child = await startChild({ args: [fileURLToPath(new URL('./prompts/load-child.js', import.meta.url)), ...flags] });
    for (const [part, ms] of Object.entries(child.hello)) times[part] = [...(times[part] ?? []), Number(ms)];
    await child.stop();
  }
  return Object.fromEntries(Object.entries(times).map(([part, ms]) => [part, rounded(median(ms))]));
}

/** Microseconds of one prompt, in a process that does nothing else; the median of three. */
async function localPath() {
  const times: Record<string, number[]> = {};
  for (let i = 0; i < 3; i++) {
    const child = await startChild({ args: [fileURLToPath(new URL('./prompts/path-child.js', import.meta.url))] });
    for (const [what, value] of Object.entries(child.hello)) times[what] = [...(times[what] ?? []), Number(value)];
    await child.stop();
  }
  return Object.fromEntries(Object.entries(times).map(([what, values]) => [what, rounded(median(values))]));
}

// What `npm run build` does last.
execFileSync(process.execPath, [fileURLToPath(new URL('../src/prepare-prompts.js', import.meta.url))]);
const loadMs = { prepared: await loading(), parsed: await loading('--parsed') };
note(`loads: ${JSON.stringify(loadMs)}`);
const local = await localPath();
note(`one prompt: ${JSON.stringify(local)}`);
await writeResult('moderations', { loadMs, local, throughput: await throughput() });
