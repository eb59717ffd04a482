/** A sleep that can be cut short. A `notify` that comes while nobody sleeps makes the next sleep return at once. */
export interface Wakeup {
  /** Resolves after `ms`, on `notify` (unless `onlyStop`), or on `stop`. One sleeper at a time. */
  sleep(ms: number, options?: { readonly onlyStop?: boolean }): Promise<void>;
  notify(): void;
  /** Ends this sleep and every later one. */
  stop(): void;
}

export function createWakeup(): Wakeup {
  let notified = false;
  let stopped = false;
  let onNotify: (() => void) | undefined;
  let onStop: (() => void) | undefined;
  return {
    sleep: (ms, { onlyStop = false } = {}) => {
      if (stopped || (notified && !onlyStop)) {
        notified = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          onNotify = undefined;
          onStop = undefined;
          resolve();
        };
        const timer = setTimeout(wake, ms);
        onStop = wake;
        if (!onlyStop) {
          onNotify = () => {
            notified = false;
            wake();
          };
        }
      });
    },
    notify: () => {
      notified = true;
      onNotify?.();
    },
    stop: () => {
      stopped = true;
      onStop?.();
    },
  };
}
