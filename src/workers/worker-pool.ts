/**
 * Isolated work: each job runs in a separate process with a deadline and a memory ceiling, so that a hostile file can
 * take down a child and nothing else.
 */
export interface Job<Input, Output = unknown> {
  /** From `jobModule(import.meta.url, './inspect-job')`; the module exports `run(input): Promise<Output>`. */
  readonly module: string;
  /** Structured-cloneable; `Uint8Array`s are copied to the child. */
  readonly input: Input;
  /** Counted from submission, so time in the queue and a cold start are part of it. */
  readonly deadlineMs: number;
  /**
   * Checks what the child answered, e.g. a zod schema's `parse`; when it throws, the outcome is `crashed`. Give one
   * wherever the job opens a hostile file: a child that was taken over can answer anything.
   */
  readonly parse?: (output: unknown) => Output;
}

/**
 * A lost job is an outcome, never silence. `timed_out`: the deadline passed, running or queued, or the queue was full.
 * `crashed`: the process died while it worked (signal, exit, memory limit), answered garbage, or the job was aborted.
 */
export type JobOutcome<Output> =
  | { readonly kind: 'done'; readonly output: Output; readonly cpuMs: number }
  | { readonly kind: 'threw'; readonly message: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'crashed'; readonly detail: string };

export interface WorkerPool {
  /** Never rejects. */
  run<Input, Output>(job: Job<Input, Output>, signal?: AbortSignal): Promise<JobOutcome<Output>>;
  /** Ends all processes; jobs that still run or wait are `crashed`. Resolves when the processes are gone. */
  close(): Promise<void>;
}
