interface TurnParts {
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Does something again and again in the background, never twice at once: a turn that comes while the last one is under way is left out.
 * @returns stops it, once what is under way has ended
 */
export function startTurns(work: () => Promise<void>, { everyMs, onError }: TurnParts): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let isIdle = true;
  const timer = setInterval(() => {
    if (!isIdle) return;
    isIdle = false;
    underWay = work()
      .catch(onError)
      .finally(() => {
        isIdle = true;
      });
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
