import { availableParallelism } from 'node:os';
import { type Assignment, assignmentFor } from './assignment.ts';
import type { PoolEvent, WorkerEnd } from './pool-event.ts';
import { PoolWorker } from './pool-worker.ts';
import type { Job, JobOutcome, WorkerPool } from './worker-pool.ts';

export interface WorkerPoolOptions {
  /** Processes at most; each is started when a job first needs it, and then kept. */
  readonly size?: number;
  /**
   * Ceiling of resident memory per process, in MiB. A process above it is killed while it works (polled every 50 ms, on
   * Linux), and one that is above three quarters of it after a job is replaced.
   */
  readonly maxRssMb?: number;
  /** A process is replaced after this many jobs. */
  readonly maxJobsPerWorker?: number;
  /** Jobs that may wait; one more is `timed_out` at once. */
  readonly maxQueuedJobs?: number;
  readonly maxAnswerBytes?: number;
  readonly onEvent?: (event: PoolEvent) => void;
}

const MEMORY_POLL_MS = 50;
const CLOSED = { kind: 'crashed', detail: 'pool closed' } as const;
const ABORTED = { kind: 'crashed', detail: 'aborted' } as const;

/** A pool of separate processes, one job at a time in each, first come first served. See `WorkerPool`. */
export function createWorkerPool(options: WorkerPoolOptions = {}): WorkerPool {
  return new ForkPool(options);
}

class ForkPool implements WorkerPool {
  readonly #options: Required<WorkerPoolOptions>;
  readonly #queue = new Set<Assignment>();
  readonly #workers = new Set<PoolWorker>();
  readonly #dying = new Set<PoolWorker>();
  #memoryPoll: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({
    size = availableParallelism(),
    maxRssMb = 768,
    maxJobsPerWorker = 500,
    maxQueuedJobs = 1024,
    maxAnswerBytes = 256 * 2 ** 20,
    onEvent = () => {},
  }: WorkerPoolOptions) {
    this.#options = { size, maxRssMb, maxJobsPerWorker, maxQueuedJobs, maxAnswerBytes, onEvent };
  }

  async run<Input, Output>(job: Job<Input, Output>, signal?: AbortSignal): Promise<JobOutcome<Output>> {
    if (this.#closed) return CLOSED;
    if (signal?.aborted) return ABORTED;
    if (this.#queue.size >= this.#options.maxQueuedJobs) {
      this.#options.onEvent({ kind: 'queue_full' });
      return { kind: 'timed_out' };
    }
    const { assignment, outcome } = assignmentFor(job, () => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
    });
    const abort = () => this.#drop(assignment, 'aborted', ABORTED);
    const deadline = setTimeout(() => this.#drop(assignment, 'timed_out', { kind: 'timed_out' }), job.deadlineMs);
    signal?.addEventListener('abort', abort, { once: true });
    this.#queue.add(assignment);
    this.#dispatch();
    return outcome;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue) waiting.settle(CLOSED);
    this.#queue.clear();
    clearInterval(this.#memoryPoll);
    for (const worker of this.#workers) worker.end('closed', CLOSED);
    await Promise.all(Array.from(this.#dying, ({ gone }) => gone));
  }

  #drop(assignment: Assignment, why: WorkerEnd, outcome: JobOutcome<never>): void {
    if (this.#queue.delete(assignment)) assignment.settle(outcome);
    for (const worker of this.#workers) if (worker.has(assignment)) worker.end(why, outcome);
  }

  #dispatch(): void {
    if (this.#closed) return;
    for (const assignment of this.#queue) {
      const worker = this.#idleWorker();
      if (!worker) break;
      this.#queue.delete(assignment);
      worker.start(assignment);
    }
    this.#pollMemory();
  }

  #idleWorker(): PoolWorker | undefined {
    for (const worker of this.#workers) if (worker.idle) return worker;
    return this.#workers.size < this.#options.size ? this.#startWorker() : undefined;
  }

  #startWorker(): PoolWorker | undefined {
    let worker: PoolWorker;
    try {
      worker = new PoolWorker({
        maxRssMb: this.#options.maxRssMb,
        maxJobs: this.#options.maxJobsPerWorker,
        maxAnswerBytes: this.#options.maxAnswerBytes,
        onIdle: () => this.#dispatch(),
        onEnd: (ended, why) => this.#retire(ended, why),
      });
    } catch {
      // No memory for a new process: the job stays in the queue, for the next free process or its deadline.
      return undefined;
    }
    this.#workers.add(worker);
    this.#options.onEvent({ kind: 'worker_started', pid: worker.pid });
    return worker;
  }

  #retire(worker: PoolWorker, why: WorkerEnd): void {
    this.#workers.delete(worker);
    this.#dying.add(worker);
    void worker.gone.then(() => this.#dying.delete(worker));
    this.#options.onEvent({ kind: 'worker_ended', pid: worker.pid, why });
    if (this.#closed) return;
    // Replaced at once, so that the next job finds it warm; not when it never had a job, or a broken install would spin.
    if (worker.jobs > 0 && this.#workers.size < this.#options.size) this.#startWorker();
    // Not at once: when one signal aborts a running and a waiting job, the waiting one must not start in between.
    setImmediate(() => this.#dispatch());
  }

  #pollMemory(): void {
    const working = Array.from(this.#workers).some(({ idle }) => !idle);
    if (!working) {
      clearInterval(this.#memoryPoll);
      this.#memoryPoll = undefined;
      return;
    }
    this.#memoryPoll ??= setInterval(() => {
      for (const worker of this.#workers) worker.checkMemory();
    }, MEMORY_POLL_MS).unref();
  }
}
