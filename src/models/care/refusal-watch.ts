interface RefusalWatchOptions {
  /** Refusals by upstreams within the window, after which a user rests. */
  readonly most: number;
  readonly windowMs: number;
  readonly clock?: () => number;
}

/**
 * Users whom upstreams keep refusing rest before the upstream notices them, because it is the whole account that gets blocked for the sum of what
 * everybody sends. Processes tell each other by `news` and `heard`.
 */
export interface RefusalWatch {
  /** Milliseconds until this user may ask again; 0: now. */
  restOf(user: string): number;
  refused(user: string): void;
  /** Who was refused here since the last call, once for each time. */
  news(): readonly string[];
  /** Somebody was refused in another process, so long ago. */
  heard(user: string, ageMs: number): void;
}

/** Bounds memory: some 20 MB. The one that was refused longest ago is forgotten first. */
const MOST_USERS = 100_000;
/** Between two calls of `news`. */
const MOST_UNTOLD = 10_000;

export function createRefusalWatch({ most, windowMs, clock = () => performance.now() }: RefusalWatchOptions): RefusalWatch {
  const refusals = new Map<string, readonly number[]>();
  let untold: string[] = [];
  const recent = (user: string) => (refusals.get(user) ?? []).filter((at) => at > clock() - windowMs);
  function add(user: string, at: number): void {
    const times = [...recent(user), at].sort((a, b) => a - b).slice(-most);
    refusals.delete(user);
    refusals.set(user, times);
    const [oldest] = refusals.keys();
    if (refusals.size > MOST_USERS && oldest !== undefined) refusals.delete(oldest);
  }

  return {
    restOf(user) {
      const times = recent(user);
      const first = times[times.length - most];
      return first === undefined ? 0 : Math.max(0, Math.ceil(first + windowMs - clock()));
    },
    refused(user) {
      add(user, clock());
      if (untold.length < MOST_UNTOLD) untold.push(user);
    },
    news() {
      const told = untold;
      untold = [];
      return told;
    },
    heard: (user, ageMs) => add(user, clock() - ageMs),
  };
}
