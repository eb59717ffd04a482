import { z } from 'zod';
import { type KeyId, newId } from '../contracts/ids.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { type ApiKey, hashToken, newToken, type Role } from './api-key.ts';

export interface NewKey {
  readonly role: Role;
  readonly application: string;
  readonly surface: string;
  readonly expiresAt?: Date;
  readonly development?: boolean;
  /** A token that the operator chose (bootstrap); absent: a fresh random one. */
  readonly token?: string;
}

const keyRow = z.object({
  id: z.string().transform((id): KeyId => `key_${id.slice(4)}`),
  role: z.enum(['caller', 'operator']),
  application: z.string(),
  surface: z.string(),
  last_four: z.string(),
  development: z.boolean(),
  created_at: z.date(),
  expires_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
});

const COLUMNS = 'id, role, application, surface, last_four, development, created_at, expires_at, revoked_at';

function toApiKey(row: unknown): ApiKey {
  const key = keyRow.parse(row);
  return {
    id: key.id,
    role: key.role,
    application: key.application,
    surface: key.surface,
    lastFour: key.last_four,
    development: key.development,
    createdAt: key.created_at,
    expiresAt: key.expires_at,
    revokedAt: key.revoked_at,
  };
}

/** Stores a key and returns its token, which cannot be read again. The caller writes the ledger entry in the same `tx`. */
export async function insertKey(tx: Queryable, key: NewKey): Promise<{ key: ApiKey; token: string; created: boolean }> {
  const token = key.token ?? newToken(key.role);
  const { rows } = await tx.query({
    text: `insert into api_keys (id, token_hash, role, application, surface, last_four, development, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (token_hash) do nothing returning ${COLUMNS}`,
    values: [
      newId('key'),
      hashToken(token),
      key.role,
      key.application,
      key.surface,
      token.slice(-4),
      key.development ?? false,
      key.expiresAt ?? null,
    ],
  });
  if (rows[0] !== undefined) return { key: toApiKey(rows[0]), token, created: true };
  const existing = await tx.query({ text: `select ${COLUMNS} from api_keys where token_hash = $1`, values: [hashToken(token)] });
  return { key: toApiKey(existing.rows[0]), token, created: false };
}

/** All keys, newest first. */
export async function listKeys(db: Queryable): Promise<readonly ApiKey[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from api_keys order by created_at desc, id desc` });
  return rows.map(toApiKey);
}

/** Revokes a key. Null when there is no such key or it was revoked before. */
export async function revokeKey(tx: Queryable, id: KeyId): Promise<ApiKey | null> {
  const { rows } = await tx.query({
    text: `update api_keys set revoked_at = clock_timestamp() where id = $1 and revoked_at is null returning ${COLUMNS}`,
    values: [id],
  });
  return rows[0] === undefined ? null : toApiKey(rows[0]);
}

/**
 * Token → key, remembered for `cacheMs` (default 1 s) so that a busy key costs one look-up a second. A revocation is
 * therefore effective everywhere within that time. Unknown tokens are not remembered. Null: unknown, expired or revoked.
 */
export function createKeyLookup(db: Database, { cacheMs = 1000, now = Date.now }: { cacheMs?: number; now?: () => number } = {}) {
  const cache = new Map<string, { key: ApiKey; until: number }>();

  function usable(key: ApiKey): ApiKey | null {
    const expired = key.expiresAt !== null && key.expiresAt.getTime() <= now();
    return key.revokedAt !== null || expired ? null : key;
  }

  return async (token: string): Promise<ApiKey | null> => {
    const hash = hashToken(token);
    const name = hash.toString('base64');
    const cached = cache.get(name);
    if (cached !== undefined && cached.until > now()) return usable(cached.key);
    const { rows } = await db.query({ name: 'key-by-hash', text: `select ${COLUMNS} from api_keys where token_hash = $1`, values: [hash] });
    if (rows[0] === undefined) {
      cache.delete(name);
      return null;
    }
    const key = toApiKey(rows[0]);
    if (cache.size > 10_000) cache.clear();
    cache.set(name, { key, until: now() + cacheMs });
    return usable(key);
  };
}
