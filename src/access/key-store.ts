import { ImprimaturError } from '../contracts/errors.ts';
import { type KeyId, newId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
import type { Queryable } from '../storage/database.ts';
import { type ApiKey, type CallerScope, hashToken, newToken, type Role } from './api-key.ts';
import { KEY_COLUMNS, toApiKey } from './key-row.ts';

export interface NewKey {
  readonly role: Role;
  readonly application: string;
  readonly surface: string;
  readonly name?: string;
  /** Of a staff key; absent: `operator`. */
  readonly roles?: readonly StaffRole[];
  /** Of a caller's key; absent: all. */
  readonly scopes?: readonly CallerScope[] | null;
  readonly expiresAt?: Date | null;
  readonly development?: boolean;
  /** A token that the operator chose (bootstrap, configuration); absent: a fresh random one. */
  readonly token?: string;
  /** A member of staff, `start`, or `config`. */
  readonly madeBy?: string;
  /** The line that it carries on; absent: its own. */
  readonly lineage?: KeyId;
}

export interface MadeKey {
  readonly key: ApiKey;
  readonly token: string;
  /** False: there was a key with this token, and it stayed as it was. */
  readonly created: boolean;
}

/** Stores a key and returns its token, which cannot be read again. The caller writes the ledger entry in the same `tx`. */
export async function insertKey(tx: Queryable, key: NewKey): Promise<MadeKey> {
  const token = key.token ?? newToken(key.role);
  const id = newId('key');
  const { rows } = await tx.query({
    text: `insert into api_keys
             (id, token_hash, role, application, surface, last_four, development, expires_at, name, roles, scopes, lineage, made_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (token_hash) do nothing returning ${KEY_COLUMNS}`,
    values: [
      id,
      hashToken(token),
      key.role,
      key.application,
      key.surface,
      token.slice(-4),
      key.development ?? false,
      key.expiresAt ?? null,
      key.name ?? '',
      key.role === 'operator' ? (key.roles ?? ['operator']) : [],
      key.role === 'caller' ? (key.scopes ?? null) : null,
      key.lineage ?? id,
      key.madeBy ?? '',
    ],
  });
  if (rows[0] !== undefined) return { key: toApiKey(rows[0]), token, created: true };
  const existing = await tx.query({ text: `select ${KEY_COLUMNS} from api_keys where token_hash = $1`, values: [hashToken(token)] });
  return { key: toApiKey(existing.rows[0]), token, created: false };
}

/** All keys, newest first. */
export async function listKeys(db: Queryable): Promise<readonly ApiKey[]> {
  const { rows } = await db.query({ text: `select ${KEY_COLUMNS} from api_keys order by created_at desc, id desc` });
  return rows.map(toApiKey);
}

/** Revokes a key. Null when there is no such key or it was revoked before. */
export async function revokeKey(tx: Queryable, id: KeyId): Promise<ApiKey | null> {
  const { rows } = await tx.query({
    text: `update api_keys set revoked_at = clock_timestamp() where id = $1 and revoked_at is null returning ${KEY_COLUMNS}`,
    values: [id],
  });
  return rows[0] === undefined ? null : toApiKey(rows[0]);
}

/**
 * A key that carries on the line of another, with the same name and rights; the other ends when the overlap is over, if not before.
 * Whoever acts by either is the same member of staff, or the same owner of generations.
 * @throws ImprimaturError NOT_FOUND when there is no such key that still opens anything
 */
export async function rotateKey(
  tx: Queryable,
  id: KeyId,
  { overlapMs, madeBy }: { readonly overlapMs: number; readonly madeBy: string },
): Promise<MadeKey & { readonly old: ApiKey }> {
  const { rows } = await tx.query({
    text: `update api_keys set expires_at = least(expires_at, clock_timestamp() + $2 * interval '1 millisecond')
           where id = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp()) returning ${KEY_COLUMNS}`,
    values: [id, overlapMs],
  });
  if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
  const old = toApiKey(rows[0]);
  const { role, roles, scopes, application, surface, name, lineage } = old;
  const made = await insertKey(tx, { role, roles, scopes, application, surface, name, lineage, madeBy });
  return { ...made, old };
}
