import { EngineHost, type EngineJob, type EngineOutcome } from './engine-host.ts';

export interface EnginePoolOptions {
  /** Threads at most; each is started when a job first needs it. */
  readonly size: number;
  /** A thread is replaced after this many jobs, … */
  readonly maxJobsPerThread?: number;
  /** … and when its WebAssembly memory has grown past this, because such memory never shrinks. */
  readonly maxMemoryBytes?: number;
}

/** Engine threads, one job at a time in each, first come first served. */
export interface EnginePool {
  /** Never rejects. The bytes in `request` are moved to the thread: nobody may touch them afterwards. */
  run(job: EngineJob): Promise<EngineOutcome>;
  /** Ends all threads; jobs in hand and jobs that wait are `crashed`. */
  close(): Promise<void>;
}

const CLOSED: EngineOutcome = { kind: 'crashed', detail: 'the provenance engine is closed' };

export function createEnginePool({ size, maxJobsPerThread = 500, maxMemoryBytes = 200 * 2 ** 20 }: EnginePoolOptions): EnginePool {
  const idle: EngineHost[] = [];
  const all = new Set<EngineHost>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closed = false;

  function take(): EngineHost {
    const kept = idle.pop();
    if (kept?.usable) return kept;
    if (kept !== undefined) all.delete(kept);
    const fresh = new EngineHost();
    all.add(fresh);
    return fresh;
  }

  async function giveBack(host: EngineHost): Promise<void> {
    if (host.usable && host.jobsDone < maxJobsPerThread && host.memoryBytes <= maxMemoryBytes) {
      idle.push(host);
      return;
    }
    all.delete(host);
    await host.close();
  }

  return {
    async run(job) {
      if (busy >= size) await new Promise<void>((resolve) => waiting.push(resolve));
      else busy++;
      try {
        if (closed) return CLOSED;
        const host = take();
        try {
          return await host.run(job);
        } finally {
          await giveBack(host);
        }
      } finally {
        const next = waiting.shift();
        if (next === undefined) busy--;
        else next();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...all].map((host) => host.close()));
    },
  };
}
