import { ImprimaturError } from '../../contracts/errors.ts';
import type { Door } from '../door/door.ts';
import { askFor, type Count, isIdle, returnLease, serve, type Waiter } from './count.ts';

export interface AskingParts {
  readonly door: Pick<Door, 'count' | 'drain'>;
  /** How long anybody waits for the database before it counts as unreadable. */
  readonly patienceMs: number;
  /** Told once in each window of a count that has used so much that somebody wants to know. */
  readonly onWarning: (count: Count) => void;
  /** Milliseconds, for how long things last here. */
  readonly clock: { readonly now: () => number };
}

export const SYSTEM_CLOCK: AskingParts['clock'] = { now: () => performance.now() };

/** Asks for each count for all who wait. */
interface AskingCounts {
  /** Soon, with what others ask for. */
  submit(count: Count): void;
  /** It holds a lease, or something to give back: that goes back in time. */
  watch(count: Count): void;
  /** Gives everything back. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

export function createAsking({ door, patienceMs, onWarning, clock }: AskingParts): AskingCounts {
  /** Those that wait for something, or hold a lease. */
  const active = new Set<Count>();

  function submit(count: Count): void {
    active.add(count);
    if (count.isSubmitted) return;
    count.isSubmitted = true;
    let sentAt = 0;
    door.count({
      ask() {
        sentAt = clock.now();
        return askFor(count, sentAt);
      },
      answered(answer) {
        serve(count, answer, { sentAt, now: clock.now() });
        if (answer?.warns === true) onWarning(count);
        goOn(count);
      },
      failed(error) {
        giveUpAsked(count, error);
        goOn(count);
      },
    });
  }

  function goOn(count: Count): void {
    count.isSubmitted = false;
    if (isWanting(count)) submit(count);
  }

  function tidy(): void {
    const now = clock.now();
    for (const count of active) {
      giveUpLate(count, patienceMs / LOOK_EVERY_MS);
      if (now >= count.until) returnLease(count);
      if (count.backs.size > 0) submit(count);
      if (isIdle(count)) active.delete(count);
    }
  }

  const timer = setInterval(tidy, LOOK_EVERY_MS).unref();
  return {
    submit,
    watch(count) {
      active.add(count);
      if (count.backs.size > 0) submit(count);
    },
    async stop() {
      clearInterval(timer);
      for (const count of active) {
        returnLease(count);
        if (count.backs.size > 0) submit(count);
      }
      await door.drain();
    },
  };
}

const isWanting = ({ waiters, backs }: Count) => waiters.length > 0 || backs.size > 0;

function giveUpAsked(count: Count, cause: unknown): void {
  for (const waiter of count.asked) giveUp(waiter, cause);
  count.asked = [];
}

/** Whoever waited long enough is told so, not counting the time in which this process did nothing at all; what the database gives them after all becomes part of the lease. */
function giveUpLate(count: Count, mostLooks: number): void {
  for (const waiter of [...count.asked, ...count.waiters]) if (waiter.looks++ > mostLooks) giveUp(waiter);
  count.waiters = count.waiters.filter(({ isOver }) => !isOver);
}

function giveUp(waiter: Waiter, cause?: unknown): void {
  waiter.isOver = true;
  const detail = 'the counts of limits cannot be read, so nobody gets in';
  waiter.fail(new ImprimaturError('LIMITS_UNREADABLE', { detail, cause, retryAfterMs: 1_000 }));
}
