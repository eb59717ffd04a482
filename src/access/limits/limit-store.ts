import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import { type Limit, type LimitRule, limitRuleSchema, windowOf } from './limit-rule.ts';

const limitRow = z
  .object({
    id: z.string(),
    rule: limitRuleSchema,
    version: z.coerce.number(),
    source: z.enum(['config', 'operator']),
    reason: z.string().nullable(),
    changed_by: z.string(),
    changed_at: z.date(),
  })
  .transform(({ changed_by: changedBy, changed_at: changedAt, ...rest }): Limit => ({ ...rest, changedBy, changedAt }));

const COLUMNS = 'id, rule, version, source, reason, changed_by, changed_at';

/** Every limit, by name. */
export async function readLimits(db: Queryable): Promise<readonly Limit[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from limits order by id` });
  return rows.map((row) => limitRow.parse(row));
}

/** Takes the limit for the transaction. Null when there is none. */
export async function lockLimit(tx: Queryable, id: string): Promise<Limit | null> {
  const { rows } = await tx.query({ text: `select ${COLUMNS} from limits where id = $1 for update`, values: [id] });
  return rows[0] === undefined ? null : limitRow.parse(rows[0]);
}

export type LimitChange = Pick<Limit, 'id' | 'rule' | 'source' | 'reason'> & { readonly by: string };

/** Writes a limit. The caller writes the ledger entry in the same `tx`, and has begun the change of the registry. */
export async function writeLimit(tx: Queryable, { id, rule, source, reason, by }: LimitChange): Promise<Limit> {
  const { windowUs, parts } = windowOf(rule);
  const { rows } = await tx.query({
    text: `insert into limits (id, rule, cap, window_us, parts, warn_permille, version, source, reason, changed_by)
           values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)
           on conflict (id) do update set rule = excluded.rule, cap = excluded.cap, window_us = excluded.window_us, parts = excluded.parts,
             warn_permille = excluded.warn_permille, version = limits.version + 1, source = excluded.source, reason = excluded.reason,
             changed_by = excluded.changed_by, changed_at = clock_timestamp()
           returning ${COLUMNS}`,
    values: [id, JSON.stringify(rule), rule.limit, windowUs, parts, warnPermille(rule), source, reason, by],
  });
  return limitRow.parse(rows[0]);
}

export async function deleteLimit(tx: Queryable, id: string): Promise<void> {
  await tx.query({ text: 'delete from limits where id = $1', values: [id] });
}

function warnPermille({ warn_at: share }: LimitRule): number {
  return share === undefined ? 0 : Math.max(1, Math.round(share * 1_000));
}
