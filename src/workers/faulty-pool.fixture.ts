import timers from 'node:timers/promises';
import { createWorkerPool } from './fork-pool.ts';
import { jobModule } from './job-module.ts';
import type { Job, JobOutcome, WorkerPool } from './worker-pool.ts';

/** What can happen to a process while it looks at a picture. `kill`: from outside, in the middle of the real job; `memory`: it eats until it is killed. */
export const FAULTS = ['kill', 'hang', 'garbage', 'memory', 'exit'] as const;
export type Fault = (typeof FAULTS)[number];

const TROUBLE = jobModule(import.meta.url, './trouble-job.fixture');
const HANG_MS = 250;
const INSTEAD = {
  hang: { kind: 'busy' },
  garbage: { kind: 'raw', hex: '10000000ff0fdeadbeefdeadbeefdeadbeefdead' },
  memory: { kind: 'hog' },
  exit: { kind: 'exit' },
} as const;

export interface FaultyPool extends WorkerPool {
  /** What happens to the next job, and for `kill` after how many milliseconds. */
  breakNext(fault: Fault, afterMs: number): void;
  /** What became of the last job. */
  readonly lastOutcome: JobOutcome<unknown>['kind'] | undefined;
  /** `performance.now()` of the last blow from outside. */
  readonly killedAt: number | undefined;
}

/** A real pool of one process whose next job can be made to go wrong. */
export function createFaultyPool(maxRssMb = 450): FaultyPool {
  let pid = 0;
  let next: { readonly fault: Fault; readonly afterMs: number } | undefined;
  let lastOutcome: JobOutcome<unknown>['kind'] | undefined;
  let killedAt: number | undefined;
  const inner = createWorkerPool({
    size: 1,
    maxRssMb,
    onEvent: (event) => {
      if (event.kind === 'worker_started') pid = event.pid;
    },
  });
  const kill = async (afterMs: number) => {
    await timers.setTimeout(afterMs);
    killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
  };
  const broken = <Input, Output>(job: Job<Input, Output>, fault: Fault, afterMs: number, signal?: AbortSignal) => {
    if (fault === 'kill') {
      void kill(afterMs);
      return inner.run(job, signal);
    }
    const input = INSTEAD[fault];
    return inner.run<unknown, Output>({ ...job, module: TROUBLE, input, deadlineMs: fault === 'hang' ? HANG_MS : job.deadlineMs }, signal);
  };
  return {
    breakNext(fault, afterMs) {
      next = { fault, afterMs };
    },
    get lastOutcome() {
      return lastOutcome;
    },
    get killedAt() {
      return killedAt;
    },
    async run(job, signal) {
      const blow = next;
      next = undefined;
      const outcome = await (blow === undefined ? inner.run(job, signal) : broken(job, blow.fault, blow.afterMs, signal));
      lastOutcome = outcome.kind;
      return outcome;
    },
    close: () => inner.close(),
  };
}
