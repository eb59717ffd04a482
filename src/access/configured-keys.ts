import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { hashToken } from './api-key.ts';
import { insertKey, type NewKey } from './key-store.ts';

export type ConfiguredKey = Required<
  Pick<NewKey, 'name' | 'token' | 'role' | 'roles' | 'scopes' | 'surface' | 'application' | 'expiresAt'>
>;

interface Ground {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
}

const made = z.array(z.object({ id: z.string(), made_by: z.string() }));

/**
 * Brings the keys that the configuration made to what it says now: new ones are made, changed ones changed, and those that it has no more
 * revoked. One that an operator revoked stays revoked. All or nothing. @throws ImprimaturError CONFIG_INVALID for a token of another key
 */
export async function keepConfiguredKeys(keys: readonly ConfiguredKey[], { db, journal }: Ground): Promise<void> {
  await db.transaction(async (tx) => {
    for (const key of keys) await keep(key, tx, journal);
    const { rows } = await tx.query({
      text: `update api_keys set revoked_at = clock_timestamp()
             where made_by = 'config' and revoked_at is null and not token_hash = any ($1) returning id, made_by`,
      values: [keys.map(({ token }) => hashToken(token))],
    });
    for (const { id } of made.parse(rows)) await journal.recordIn(tx, {}, [{ kind: 'key.revoked', key: id, by: 'config' }]);
  });
}

async function keep(key: ConfiguredKey, tx: Queryable, journal: Ground['journal']): Promise<void> {
  const { key: stored, created } = await insertKey(tx, { ...key, madeBy: 'config' });
  const { role, surface } = key;
  const roles = [...key.roles];
  if (created) {
    await journal.recordIn(tx, {}, [{ kind: 'key.created', key: stored.id, role, roles, surface, by: 'config' }]);
    return;
  }
  const { rows } = await tx.query({
    text: `update api_keys set name = $2, role = $3, roles = $4, scopes = $5, application = $6, surface = $7, expires_at = $8
           where id = $1 and made_by = 'config' returning id, made_by`,
    values: [stored.id, key.name, role, roles, key.scopes, key.application, surface, key.expiresAt],
  });
  if (rows.length === 0) throw new ImprimaturError('CONFIG_INVALID', { detail: `keys, "${key.name}": its token is that of another key.` });
  const isSame = stored.surface === surface && sameList(stored.roles, roles) && sameList(stored.scopes, key.scopes);
  if (!isSame) await journal.recordIn(tx, {}, [{ kind: 'key.changed', key: stored.id, role, roles, surface, by: 'config' }]);
}

const sameList = (a: readonly string[] | null, b: readonly string[] | null): boolean => JSON.stringify(a) === JSON.stringify(b);
