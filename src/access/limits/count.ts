import type { Answer, Ask } from './counter-store.ts';

/** Whoever waits for the database to give something. */
export interface Waiter {
  readonly amount: number;
  /** How often somebody looked, and it still waited. */
  looks: number;
  readonly answer: (grant: Grant) => void;
  readonly fail: (error: unknown) => void;
  isOver: boolean;
}

export interface Given {
  readonly kind: 'given';
  readonly count: Count;
  readonly amount: number;
  /** The part of the window in which it was given. */
  readonly end: number;
}

/** `gone`: nobody limits this any more. */
export type Grant =
  | Given
  | { readonly kind: 'refused'; readonly limit: number; readonly retryMs: number | null }
  | { readonly kind: 'gone' };

/**
 * What this process knows of one count, and the lease that it has on it. Leased units are taken off the count when they are leased, so never
 * more than the limit is given, whatever happens to the process; and they may be used in the part of the window only in which they were taken off.
 */
export interface Count {
  readonly subject: string;
  readonly rule: string;
  /** Whose it is; null where several share it. */
  readonly application: string | null;
  tightenedBy: readonly string[];
  /** Leased units; of no use from `until` on. */
  left: number;
  end: number;
  until: number;
  /** As it was said last. Null: nobody has asked. */
  known: { readonly limit: number; readonly used: number; readonly resetAt: number } | null;
  /** Until then nobody need ask for more than `free`. */
  deniedUntil: number;
  free: number;
  retryAt: number | null;
  waiters: Waiter[];
  /** Whose wishes are with the database. */
  asked: readonly Waiter[];
  isSubmitted: boolean;
  /** Units of earlier leases that nobody used, by part. */
  readonly backs: Map<number, number>;
  spent: number;
  askedAt: number;
}

export function newCount(subject: string, rule: string, application: string | null): Count {
  return {
    subject,
    rule,
    application,
    tightenedBy: [],
    left: 0,
    end: 0,
    until: 0,
    known: null,
    deniedUntil: 0,
    free: 0,
    retryAt: null,
    waiters: [],
    asked: [],
    isSubmitted: false,
    backs: new Map(),
    spent: 0,
    askedAt: Number.NEGATIVE_INFINITY,
  };
}

/** A lease covers what is used in this time, and lives for four times as long at most. */
const LEASE_COVERS_MS = 250;
const LEASE_LIVES_MS = 1_000;
const LARGEST_LEASE = 200_000;
/** A count that said no is asked again after this time at the latest: others give back what they did not use. */
const DENIED_FOR_MS = 100;

/** Without the database: given from the lease, or refused because it said no a moment ago. Null: it has to be asked. */
export function decideHere(count: Count, amount: number, now: number): Grant | null {
  if (count.left >= amount && now < count.until) {
    count.left -= amount;
    count.spent += amount;
    return { kind: 'given', count, amount, end: count.end };
  }
  if (now < count.deniedUntil && amount > count.free && count.known !== null) {
    return { kind: 'refused', limit: count.known.limit, retryMs: count.retryAt === null ? null : Math.max(1, count.retryAt - now) };
  }
  return null;
}

/** What is asked for all who wait. The hotter a count, the larger the lease; near the limit the database gives less of it. */
export function askFor(count: Count, now: number): Ask {
  returnLease(count);
  count.asked = count.waiters;
  count.waiters = [];
  const need = count.asked.reduce((sum, { amount }) => sum + amount, 0);
  const least = count.asked.reduce((lowest, { amount }) => Math.min(lowest, amount), Number.MAX_SAFE_INTEGER);
  const elapsed = now - count.askedAt;
  const pace = elapsed < LEASE_LIVES_MS && need > 0 ? count.spent / Math.max(elapsed, 1) : 0;
  const [back] = count.backs;
  if (back !== undefined) count.backs.delete(back[0]);
  count.spent = 0;
  count.askedAt = now;
  return {
    subject: count.subject,
    rule: count.rule,
    tightenedBy: count.tightenedBy,
    need,
    least: need === 0 ? 0 : least,
    extra: Math.min(LARGEST_LEASE, Math.floor(pace * LEASE_COVERS_MS)),
    back: back === undefined ? null : { end: back[0], amount: back[1] },
  };
}

/** Whoever came first gets first; what is left over stays as a lease. */
export function serve(count: Count, answer: Answer | undefined, { sentAt, now }: { readonly sentAt: number; readonly now: number }): void {
  const waiting = count.asked.filter(({ isOver }) => !isOver);
  count.asked = [];
  if (answer === undefined) {
    for (const waiter of waiting) waiter.answer({ kind: 'gone' });
    return;
  }
  const { limit, used, end, retryMs, resetMs } = answer;
  let left = answer.given;
  let isDenied = false;
  for (const waiter of waiting) {
    if (waiter.amount <= left) {
      left -= waiter.amount;
      count.spent += waiter.amount;
      waiter.answer({ kind: 'given', count, amount: waiter.amount, end });
    } else {
      isDenied = true;
      waiter.answer({ kind: 'refused', limit, retryMs: waiter.amount > limit ? null : (retryMs ?? 1) });
    }
  }
  // What came back while the database was asked belongs to the lease before.
  returnLease(count);
  Object.assign(count, { left, end, until: sentAt + Math.min(answer.validMs, LEASE_LIVES_MS) });
  count.known = { limit, used, resetAt: now + resetMs };
  if (isDenied) {
    count.free = left;
    count.retryAt = retryMs === null ? null : now + retryMs;
    count.deniedUntil = now + Math.min(DENIED_FOR_MS, retryMs ?? DENIED_FOR_MS);
  }
}

/** The lease ends; what nobody used goes back. */
export function returnLease(count: Count): void {
  if (count.left > 0) returnUnits(count, count.end, count.left);
  count.left = 0;
}

export function returnUnits(count: Count, end: number, amount: number): void {
  count.backs.set(end, (count.backs.get(end) ?? 0) + amount);
}

/** Nothing is lost when it is forgotten. */
export function isIdle({ left, waiters, asked, backs, isSubmitted }: Count): boolean {
  return left === 0 && waiters.length === 0 && asked.length === 0 && backs.size === 0 && !isSubmitted;
}
