import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type KeyId, newId, type SessionId, type UserId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { hashToken } from './api-key.ts';
import { knownRoles } from './key-row.ts';
import { userId } from './user-store.ts';

/** A browser in which a person has signed in. */
export interface Session {
  readonly id: SessionId;
  readonly user: UserId;
  readonly name: string;
  /** As they are now, not as they were at sign-in. */
  readonly roles: readonly StaffRole[];
  /** When the person last proved who they are; null: the provider does not say, and nothing counts as fresh. */
  readonly signedInAt: Date | null;
  readonly endsAt: Date;
}

export interface NewSession {
  readonly user: UserId;
  /** The key that was shown instead of a provider's word. */
  readonly key?: KeyId;
  /** Digest of the settings that gave the roles. */
  readonly grounds: string;
  /** `sid` of OpenID Connect. */
  readonly providerSession?: string;
  readonly signedInAt: Date | null;
  readonly endsAt: Date;
}

/** A session and its token: 256 random bits, of which only a hash is stored. */
export async function startSession(tx: Queryable, session: NewSession): Promise<{ readonly id: SessionId; readonly token: string }> {
  const token = randomBytes(32).toString('base64url');
  const id = newId('session');
  await tx.query({
    text: `insert into sessions (id, token_hash, user_id, key_id, grounds, provider_session, signed_in_at, ends_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      id,
      hashToken(token),
      session.user,
      session.key ?? null,
      session.grounds,
      session.providerSession ?? null,
      session.signedInAt,
      session.endsAt,
    ],
  });
  // Whoever signs in tidies up; nothing reads a session that is over.
  await tx.query({ text: `delete from sessions where ends_at < clock_timestamp() - interval '7 days'` });
  return { id, token };
}

/** Which sessions end: one, all of a person, or all that the provider gave one name. */
export type SessionChoice =
  | { readonly id: SessionId }
  | { readonly user: UserId }
  | { readonly providerSession: string }
  | { readonly issuer: string; readonly subject: string };

/** Ends sessions, effective within a second. Returns those that it ended. */
export async function endSessions(
  tx: Queryable,
  choice: SessionChoice,
): Promise<readonly { readonly id: string; readonly user: UserId }[]> {
  const { where, values } = chosen(choice);
  const { rows } = await tx.query({
    text: `update sessions set ended_at = clock_timestamp() where ${where} and ended_at is null returning id, user_id`,
    values,
  });
  return z.array(z.object({ id: z.string(), user_id: userId }).transform(({ id, user_id }) => ({ id, user: user_id }))).parse(rows);
}

function chosen(choice: SessionChoice): { readonly where: string; readonly values: readonly string[] } {
  if ('id' in choice) return { where: 'id = $1', values: [choice.id] };
  if ('user' in choice) return { where: 'user_id = $1', values: [choice.user] };
  if ('providerSession' in choice) return { where: 'provider_session = $1', values: [choice.providerSession] };
  return { where: 'user_id in (select id from users where issuer = $1 and subject = $2)', values: [choice.issuer, choice.subject] };
}

const sessionRow = z.object({
  id: z.string().transform((id): SessionId => `session_${id.slice(8)}`),
  user_id: userId,
  grounds: z.string(),
  signed_in_at: z.date().nullable(),
  last_seen_at: z.date(),
  ends_at: z.date(),
  ended_at: z.date().nullable(),
  display_name: z.string(),
  roles: z.array(z.string()),
  blocked_at: z.date().nullable(),
  key_roles: z.array(z.string()).nullable(),
  key_expires_at: z.date().nullable(),
  key_revoked_at: z.date().nullable(),
});
type SessionRow = z.output<typeof sessionRow>;

const FIND = {
  name: 'session-by-hash',
  text: `select s.id, s.user_id, s.grounds, s.signed_in_at, s.last_seen_at, s.ends_at, s.ended_at, u.display_name, u.roles || u.granted as roles,
           u.blocked_at, case when k.development then null else k.roles end as key_roles, k.expires_at as key_expires_at,
           k.revoked_at as key_revoked_at
         from sessions s join users u on u.id = s.user_id left join api_keys k on k.id = s.key_id where s.token_hash = $1`,
} as const;

interface SessionRules {
  /** The digest that sessions must stand on. */
  readonly grounds: string;
  readonly idleMs: number;
  readonly cacheMs?: number;
  readonly now?: () => number;
  readonly used: (id: SessionId) => void;
}

export interface SessionLookup {
  /** Null: unknown, over, idle too long, ended, blocked, or without a role. */
  find(token: string): Promise<Session | null>;
  /** What changed here counts here at once, in other processes within `cacheMs`. */
  forget(): void;
}

/** Token → session, remembered for `cacheMs` (default 1 s). */
export function createSessionLookup(db: Database, { grounds, idleMs, cacheMs = 1000, now = Date.now, used }: SessionRules): SessionLookup {
  const cache = new Map<string, { readonly row: SessionRow; readonly until: number }>();

  async function rowOf(token: string): Promise<SessionRow | null> {
    const hash = hashToken(token);
    const name = hash.toString('base64');
    const cached = cache.get(name);
    if (cached !== undefined && cached.until > now()) return cached.row;
    cache.delete(name);
    const { rows } = await db.query({ ...FIND, values: [hash] });
    if (rows[0] === undefined) return null;
    const row = sessionRow.parse(rows[0]);
    if (cache.size > 10_000) cache.clear();
    cache.set(name, { row, until: now() + cacheMs });
    return row;
  }

  const isOver = (at: Date | null) => at !== null && at.getTime() <= now();
  const stands = (row: SessionRow): boolean =>
    row.ended_at === null &&
    row.blocked_at === null &&
    row.key_revoked_at === null &&
    row.grounds === grounds &&
    !isOver(row.ends_at) &&
    !isOver(row.key_expires_at) &&
    row.last_seen_at.getTime() + idleMs > now();

  return {
    async find(token) {
      const row = await rowOf(token);
      if (row === null || !stands(row)) return null;
      const roles = knownRoles(row.roles).filter((role) => row.key_roles === null || row.key_roles.includes(role));
      if (roles.length === 0) return null;
      used(row.id);
      return { id: row.id, user: row.user_id, name: row.display_name, roles, signedInAt: row.signed_in_at, endsAt: row.ends_at };
    },
    forget: () => cache.clear(),
  };
}
