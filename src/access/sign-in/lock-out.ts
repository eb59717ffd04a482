import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Database } from '../../storage/database.ts';

/** Stops those who fail again and again, whichever process they ask: what is counted stands in the database, under a digest of whence they come. */
export interface LockOut {
  /** @throws ImprimaturError RATE_LIMITED while `from` is locked out; STORAGE_UNAVAILABLE when nobody can tell */
  check(from: string): Promise<void>;
  failed(from: string): Promise<void>;
  succeeded(from: string): Promise<void>;
}

interface LockOutRules {
  /** So many failures within `windowMs` lock for `lockMs`. */
  readonly failures: number;
  readonly windowMs: number;
  readonly lockMs: number;
}

export const SIGN_IN_LOCK = { failures: 10, windowMs: 300_000, lockMs: 900_000 } as const;

const row = z.object({ left_ms: z.coerce.number() });

const sourceOf = (from: string) => createHash('sha256').update(from).digest();

export function createLockOut(db: Database, { failures, windowMs, lockMs }: LockOutRules): LockOut {
  return {
    async check(from) {
      const { rows } = await db.query({
        name: 'sign-in-lock',
        text: `select extract(epoch from locked_until - clock_timestamp()) * 1000 as left_ms from sign_in_failures
               where source = $1 and locked_until > clock_timestamp()`,
        values: [sourceOf(from)],
      });
      if (rows[0] !== undefined) throw new ImprimaturError('RATE_LIMITED', { retryAfterMs: Math.ceil(row.parse(rows[0]).left_ms) });
    },
    async failed(from) {
      await db.query({
        name: 'sign-in-failed',
        text: `insert into sign_in_failures as f (source, failures, since, locked_until)
               values ($1, 1, clock_timestamp(), case when $2 <= 1 then clock_timestamp() + make_interval(secs => $4) end)
               on conflict (source) do update set
                 failures = case when f.since < clock_timestamp() - make_interval(secs => $3) then 1 else f.failures + 1 end,
                 since = case when f.since < clock_timestamp() - make_interval(secs => $3) then clock_timestamp() else f.since end,
                 locked_until = case when f.since >= clock_timestamp() - make_interval(secs => $3) and f.failures + 1 >= $2
                   then clock_timestamp() + make_interval(secs => $4) else f.locked_until end`,
        values: [sourceOf(from), failures, windowMs / 1000, lockMs / 1000],
      });
    },
    async succeeded(from) {
      await db.query({ name: 'sign-in-succeeded', text: 'delete from sign_in_failures where source = $1', values: [sourceOf(from)] });
    },
  };
}
