/**
 * Isolated work: each job runs in a forked process with a deadline and a memory ceiling, so that a hostile file can
 * take down a child and nothing else.
 */
export interface Job<Input> {
  /** From `jobModule(import.meta.url, './inspect-job')`; the module exports `run(input): Promise<Output>`. */
  readonly module: string;
  /** Structured-cloneable; `Uint8Array`s are copied to the child. */
  readonly input: Input;
  readonly deadlineMs: number;
}

/** A lost job is an outcome, never silence. `crashed`: the process died (signal, out of memory) while it worked. */
export type JobOutcome<Output> =
  | { readonly kind: 'done'; readonly output: Output; readonly cpuMs: number }
  | { readonly kind: 'threw'; readonly message: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'crashed'; readonly detail: string };

export interface WorkerPool {
  run<Input, Output>(job: Job<Input>, signal?: AbortSignal): Promise<JobOutcome<Output>>;
  close(): Promise<void>;
}
