import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type FlaggerId, newId, type StaffId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';

const row = z.object({
  id: z.templateLiteral(['flag_', z.string()]),
  name: z.string(),
  last_four: z.string(),
  added_by: z.string(),
  added_at: z.date(),
  revoked_at: z.date().nullable(),
});

/** An organization whose notices go first (DSA, article 22). */
export type TrustedFlagger = z.output<typeof row>;

const COLUMNS = 'id, name, last_four, added_by, added_at, revoked_at';
const PREFIX = 'imp_tf_';

export async function listFlaggers(db: Queryable): Promise<readonly TrustedFlagger[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from trusted_flaggers order by added_at, id` });
  return rows.map((found) => row.parse(found));
}

/** The flagger of a key that is in force; null for any other text. */
export async function flaggerOf(db: Queryable, token: string): Promise<TrustedFlagger | null> {
  if (!token.startsWith(PREFIX)) return null;
  const text = `select ${COLUMNS} from trusted_flaggers where token_hash = $1 and revoked_at is null`;
  const { rows } = await db.query({ text, values: [hashOf(token)] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

interface Parts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
}

/** The key is shown once. Its 192 random bits need no slow hash. */
export async function addFlagger(
  name: string,
  by: StaffId,
  { db, journal }: Parts,
): Promise<{ readonly flagger: TrustedFlagger; readonly key: string }> {
  const id = newId('flag');
  const key = `${PREFIX}${randomBytes(24).toString('base64url')}`;
  return db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `insert into trusted_flaggers (id, name, token_hash, last_four, added_by) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      values: [id, name, hashOf(key), key.slice(-4), by],
    });
    await journal.recordIn(tx, {}, [{ kind: 'trusted_flagger.added', flagger: id, by: `operator:${by}` }]);
    return { flagger: row.parse(rows[0]), key };
  });
}

/** What was reported stays. @throws ImprimaturError NOT_FOUND */
export async function revokeFlagger(id: FlaggerId, by: StaffId, { db, journal }: Parts): Promise<TrustedFlagger> {
  return db.transaction(async (tx) => {
    const text = `update trusted_flaggers set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1 returning ${COLUMNS}`;
    const { rows } = await tx.query({ text, values: [id] });
    if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
    await journal.recordIn(tx, {}, [{ kind: 'trusted_flagger.revoked', flagger: id, by: `operator:${by}` }]);
    return row.parse(rows[0]);
  });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
