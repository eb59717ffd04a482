import type { z } from 'zod';
import type { Queryable } from '../storage/database.ts';

/** What becomes of a job once its effect is in the transaction. */
export type Afterwards =
  | { readonly kind: 'done' }
  /** The same job once more, at a time of this machine's clock; for timers and for what repeats. Its attempts count anew. */
  | { readonly kind: 'again'; readonly at: Date }
  /** Given up by intention; it stays to be seen, under this reason. */
  | { readonly kind: 'dead'; readonly reason: string };

/**
 * What a job does to the database. It runs in one transaction with the end of the job, and only while nobody else has taken the job over: so it
 * happens once, however often the work before it was done.
 */
export type Effect = (tx: Queryable) => Promise<Afterwards>;

export interface JobContext {
  readonly id: string;
  /** 1 at the first time. */
  readonly attempt: number;
  /** Aborted at the deadline and when the process stops. */
  readonly signal: AbortSignal;
}

/** One background process. */
export interface JobKind<Payload = unknown> {
  /** Its queue; a name such as `case-clock`. */
  readonly queue: string;
  readonly payload: z.ZodType<Payload>;
  /** How many of one process run at once. */
  readonly concurrency: number;
  /** After this the work is taken for failed; half a minute later another process may take the job over. */
  readonly deadlineMs: number;
  /** After so many failures the job is dead: it stays, is counted and can be revived. */
  readonly maxAttempts: number;
  /** How long to wait after the `attempt`-th failure; half a second doubling to five minutes when left out. */
  readonly backoffMs?: (attempt: number) => number;
  /** Work that may take a while and may happen twice, and the effect that happens once. */
  work(payload: Payload, context: JobContext): Promise<Effect>;
}

/** Erases the payload's type, so that kinds can stand in one list; what does not parse is a failure of the job. */
export function jobKind<Payload>(kind: JobKind<Payload>): JobKind {
  return { ...kind, work: (payload, context) => kind.work(kind.payload.parse(payload), context) };
}

export const DONE: Afterwards = { kind: 'done' };
