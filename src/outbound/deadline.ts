/** Why we stopped a request ourselves. */
export type StopCause = 'timed_out' | 'aborted' | 'too_large';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Null while nothing stopped it. */
  readonly stopped: () => StopCause | null;
  readonly stop: (cause: StopCause) => void;
  /** Must be called once the request is over: frees the timer and the listener on the caller's signal. */
  readonly release: () => void;
}

/**
 * One abort signal for a deadline and a caller's signal. Not `AbortSignal.any`, which keeps dependants of a long-lived
 * signal alive on Node 20.
 */
export function startDeadline(deadlineMs: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let cause: StopCause | null = null;
  const stop = (why: StopCause) => {
    cause ??= why;
    controller.abort();
  };
  const onAbort = () => stop('aborted');
  const timer = setTimeout(() => stop('timed_out'), deadlineMs);
  if (caller?.aborted === true) stop('aborted');
  caller?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    stopped: () => cause,
    stop,
    release: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onAbort);
    },
  };
}
