import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database, Queryable } from '../../storage/database.ts';
import { hashToken } from '../api-key.ts';

/** A sign-in under way: what must come back from the provider, and from the browser that began it. */
export interface Attempt {
  readonly nonce: string;
  /** PKCE. */
  readonly verifier: string;
  /** A path below /console. */
  readonly returnTo: string;
  /** Seconds; null: any earlier sign-in at the provider will do. */
  readonly maxAgeS: number | null;
}

const MINUTES = 10;
const attemptRow = z.object({ nonce: z.string(), verifier: z.string(), return_to: z.string(), max_age_s: z.number().nullable() });

/** 256 random bits. */
export const randomText = (): string => randomBytes(32).toString('base64url');

export async function beginAttempt(db: Database, attempt: Attempt & { readonly state: string; readonly browser: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query({ text: 'delete from sign_ins where expires_at < clock_timestamp()' });
    await tx.query({
      text: `insert into sign_ins (state_hash, browser_hash, nonce, verifier, return_to, max_age_s, expires_at)
             values ($1, $2, $3, $4, $5, $6, clock_timestamp() + interval '${MINUTES} minutes')`,
      values: [hashToken(attempt.state), hashToken(attempt.browser), attempt.nonce, attempt.verifier, attempt.returnTo, attempt.maxAgeS],
    });
  });
}

/** The attempt, once: whoever comes second, too late, or from another browser gets null. */
export async function takeAttempt(tx: Queryable, { state, browser }: { state: string; browser: string }): Promise<Attempt | null> {
  const { rows } = await tx.query({
    text: `delete from sign_ins where state_hash = $1 and browser_hash = $2 and expires_at > clock_timestamp()
           returning nonce, verifier, return_to, max_age_s`,
    values: [hashToken(state), hashToken(browser)],
  });
  if (rows[0] === undefined) return null;
  const { nonce, verifier, return_to, max_age_s } = attemptRow.parse(rows[0]);
  return { nonce, verifier, returnTo: return_to, maxAgeS: max_age_s };
}
