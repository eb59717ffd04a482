import { type AskingParts, createAsking, SYSTEM_CLOCK } from './ask-counts.ts';
import { type Count, decideHere, type Given, type Grant, isIdle, newCount, returnLease, returnUnits } from './count.ts';

/** `clock`: absent, that of the machine. */
export type LeaseParts = Omit<AskingParts, 'clock'> & Partial<Pick<AskingParts, 'clock'>>;

export interface Wish {
  /** What the count is called; two requests with the same text share it. */
  readonly text: string;
  /** Id of the limit. */
  readonly rule: string;
  /** Whose count it is; null where several applications share it. */
  readonly application: string | null;
  /** Digests of users who may be limited by a person's decision; then the limit is tightened. */
  readonly tightenedBy: readonly string[];
  readonly amount: number;
}

/** Counts that all processes share, and what this one has leased of them. */
export interface Leases {
  /** At once when the lease covers it. @throws ImprimaturError LIMITS_UNREADABLE when it does not, and the database does not answer */
  take(wish: Wish): Grant | Promise<Grant>;
  /** It was not used after all. */
  putBack(given: Given): void;
  /** What is known here of a count. */
  find(text: string): Count | undefined;
  /** Leases of these limits go back at once, and what was denied is asked for again. */
  recall(rules: ReadonlySet<string>): void;
  /** Gives everything back. */
  stop(): Promise<void>;
}

/** Bounds memory: some 400 bytes each. */
const MOST_COUNTS = 50_000;
const MOST_LOOKED_AT = 64;

export function createLeases(subjectOf: (text: string) => string, parts: LeaseParts): Leases {
  const { clock = SYSTEM_CLOCK } = parts;
  const counts = new Map<string, Count>();
  const asking = createAsking({ ...parts, clock });

  function countOf({ text, rule, application }: Wish): Count {
    const found = counts.get(text);
    if (found !== undefined) return found;
    const made = newCount(subjectOf(text), rule, application);
    counts.set(text, made);
    if (counts.size > MOST_COUNTS) forgetOldest(counts);
    return made;
  }

  return {
    take(wish) {
      const count = countOf(wish);
      count.tightenedBy = wish.tightenedBy;
      const now = clock.now();
      return (
        decideHere(count, wish.amount, now) ??
        new Promise<Grant>((answer, fail) => {
          count.waiters.push({ amount: wish.amount, looks: 0, answer, fail, isOver: false });
          asking.submit(count);
        })
      );
    },
    putBack({ count, amount, end }) {
      if (count.end === end && clock.now() < count.until) count.left += amount;
      else returnUnits(count, end, amount);
      asking.watch(count);
    },
    find: (text) => counts.get(text),
    recall(rules) {
      for (const count of counts.values()) {
        if (!rules.has(count.rule)) continue;
        count.deniedUntil = 0;
        returnLease(count);
        asking.watch(count);
      }
    },
    stop: asking.stop,
  };
}

/** One in, one out; those in use stay. */
function forgetOldest(counts: Map<string, Count>): void {
  let looked = 0;
  for (const [text, count] of counts) {
    counts.delete(text);
    if (isIdle(count)) return;
    counts.set(text, count);
    looked += 1;
    if (looked === MOST_LOOKED_AT) return;
  }
}
