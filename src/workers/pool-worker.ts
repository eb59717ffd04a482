import { type Assignment, asAnswer } from './assignment.ts';
import type { WorkerEnd } from './pool-event.ts';
import { residentMb } from './resident-memory.ts';
import type { JobOutcome } from './worker-pool.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface PoolWorkerOptions {
  readonly maxRssMb: number;
  readonly maxJobs: number;
  readonly maxAnswerBytes: number;
  /** It has answered and can take the next job. */
  readonly onIdle: () => void;
  /** It takes no more jobs. Called once. */
  readonly onEnd: (worker: PoolWorker, why: WorkerEnd) => void;
}

/** A process that is still below this share of its ceiling after a job is kept; a larger one makes room. */
const KEEP_SHARE = 0.75;

/** One warm process and the job it has at the moment, if any. */
export class PoolWorker {
  readonly #options: PoolWorkerOptions;
  readonly #process: WorkerProcess;
  #current: Assignment | undefined;
  #jobs = 0;
  #ended = false;

  constructor(options: PoolWorkerOptions) {
    this.#options = options;
    this.#process = startWorkerProcess({
      maxHeapMb: Math.ceil(options.maxRssMb / 2),
      maxAnswerBytes: options.maxAnswerBytes,
      onMessage: (message) => this.#receive(message),
      onBroken: (why) => this.end('garbled', { kind: 'crashed', detail: why }),
      onGone: (detail) => this.end('died', { kind: 'crashed', detail }),
    });
    this.#process.hold(false);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get gone(): Promise<void> {
    return this.#process.gone;
  }

  get idle(): boolean {
    return this.#current === undefined && !this.#ended;
  }

  /** How many jobs it was given. */
  get jobs(): number {
    return this.#jobs;
  }

  has(assignment: Assignment): boolean {
    return this.#current === assignment;
  }

  /** Only for an idle worker. */
  start(assignment: Assignment): void {
    this.#jobs++;
    try {
      this.#process.send({ id: this.#jobs, module: assignment.module, input: assignment.input });
    } catch {
      assignment.settle({ kind: 'threw', message: 'The input of the job cannot be sent to another process.' });
      return;
    }
    this.#current = assignment;
    this.#process.hold(true);
  }

  /** Kills the process; the job that it has, if any, ends with `outcome`. */
  end(why: WorkerEnd, outcome: JobOutcome<never>): void {
    if (this.#ended) return;
    this.#ended = true;
    const lost = this.#current;
    this.#current = undefined;
    // Until the process is gone, or a program whose last act is `close()` would end in the middle of it.
    this.#process.hold(true);
    this.#process.kill();
    this.#options.onEnd(this, why);
    lost?.settle(outcome);
  }

  /** Kills the process when it works and has outgrown its ceiling. */
  checkMemory(): void {
    if (!this.#current) return;
    const resident = residentMb(this.pid);
    if (resident !== undefined && resident > this.#options.maxRssMb) {
      this.end('memory_limit', { kind: 'crashed', detail: 'memory limit' });
    }
  }

  #receive(message: unknown): void {
    if (this.#ended) return;
    const answer = asAnswer(message);
    const current = this.#current;
    // An answer that nobody asked for could be meant for the next job: such a process is not trusted with one.
    if (!answer || !current || answer.id !== this.#jobs) {
      this.end('garbled', { kind: 'crashed', detail: 'garbled answer' });
      return;
    }
    this.#current = undefined;
    this.#process.hold(false);
    const accepted = current.accept(answer);
    const full = this.#jobs >= this.#options.maxJobs || answer.rss / 2 ** 20 > this.#options.maxRssMb * KEEP_SHARE;
    if (!accepted) this.end('garbled', { kind: 'crashed', detail: 'garbled answer' });
    else if (full) this.end('worn_out', { kind: 'crashed', detail: 'worn out' });
    else this.#options.onIdle();
  }
}
