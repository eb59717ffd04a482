import { ImprimaturError } from '../contracts/errors.ts';

interface TurnsOptions {
  /** How many may work at the same time. */
  readonly atOnce: number;
  /** How many more may wait, in the order in which they came. */
  readonly waiting: number;
}

/** @throws ImprimaturError RATE_LIMITED when too many wait already; whatever `work` rejects with */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

const RETRY_AFTER_MS = 2_000;

/**
 * Lets strangers' work into the machine a little at a time, whatever number of addresses they have: the pool that opens their pictures is
 * the one that every generation needs, and a picture that waits there too long is held.
 */
export function createTurns({ atOnce, waiting }: TurnsOptions): TakeTurn {
  const queue: (() => void)[] = [];
  let working = 0;
  return async (work) => {
    if (working < atOnce) working++;
    else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve));
    else throw new ImprimaturError('RATE_LIMITED', { retryAfterMs: RETRY_AFTER_MS });
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) working--;
      else next();
    }
  };
}
