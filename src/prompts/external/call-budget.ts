const MINUTE_MS = 60_000;

/** How many calls a minute may have, in this process. Refills evenly, so a burst cannot starve the whole minute after it. */
export interface CallBudget {
  /** Takes one call; false when none is left. */
  take(): boolean;
}

/** A token bucket of `perMinute` calls. @param clock monotonic milliseconds */
export function createCallBudget(perMinute: number, clock: () => number): CallBudget {
  let left = perMinute;
  let at = clock();
  return {
    take() {
      const now = clock();
      left = Math.min(perMinute, left + ((now - at) * perMinute) / MINUTE_MS);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
