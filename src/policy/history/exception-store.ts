import { z } from 'zod';
import { type CaseId, newId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import { nextRegistryVersion } from '../../registries/registry-version.ts';
import type { Database, Queryable } from '../../storage/database.ts';

const row = z.object({
  id: z.templateLiteral(['exc_', z.string()]),
  digest: z.string(),
  rule: z.string(),
  surface: z.string(),
  application: z.string().nullable(),
  reason: z.string(),
  until: z.date(),
  state: z.enum(['asked', 'open', 'rejected', 'ended', 'lapsed']),
  asked_by: z.string(),
  asked_at: z.date(),
  case_id: z.templateLiteral(['case_', z.string()]),
  open_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  ended_by: z.string().nullable(),
});

/** An exception from a policy as it was asked for, and what became of it. */
export type StoredException = z.output<typeof row>;

const COLUMNS = 'id, digest, rule, surface, application, reason, until, state, asked_by, asked_at, case_id, open_at, ended_at, ended_by';

/** The newest first. */
export async function listExceptions(db: Queryable): Promise<readonly StoredException[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from policy_exceptions order by asked_at desc, id desc limit 500` });
  return rows.map((one) => row.parse(one));
}

/** Those that hold now. */
export async function openExceptions(db: Queryable): Promise<readonly StoredException[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from policy_exceptions where state = 'open' and until > clock_timestamp()`,
  });
  return rows.map((one) => row.parse(one));
}

export async function exceptionOfCase(db: Queryable, caseId: CaseId): Promise<StoredException | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from policy_exceptions where case_id = $1`, values: [caseId] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

export interface NewException extends Pick<StoredException, 'digest' | 'rule' | 'surface' | 'application' | 'reason' | 'until'> {
  readonly by: string;
}

/** Asked for; nothing is excepted before boards approve. */
export async function addException(tx: Queryable, one: NewException & { readonly id: StoredException['id']; readonly caseId: CaseId }) {
  await tx.query({
    text: `insert into policy_exceptions (id, digest, rule, surface, application, reason, until, asked_by, case_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [one.id, one.digest, one.rule, one.surface, one.application, one.reason, one.until, one.by, one.caseId],
  });
}

export const newExceptionId = () => newId('exc');

/** From `asked`, once. False when it was not waiting any more. */
export async function settleException(tx: Queryable, id: StoredException['id'], state: 'open' | 'rejected'): Promise<boolean> {
  await nextRegistryVersion(tx, 'policy');
  const { rowCount } = await tx.query({
    text: `update policy_exceptions set state = $2, open_at = case when $2 = 'open' then clock_timestamp() end,
             ended_at = case when $2 = 'open' then null else clock_timestamp() end where id = $1 and state = 'asked'`,
    values: [id, state],
  });
  return rowCount > 0;
}

/** Ends one that holds or was asked for; to end it needs nobody's approval. Null when there is none. */
export async function endException(tx: Queryable, id: string, by: string): Promise<StoredException | null> {
  await nextRegistryVersion(tx, 'policy');
  const { rows } = await tx.query({
    text: `update policy_exceptions set state = 'ended', ended_at = clock_timestamp(), ended_by = $2
           where id = $1 and state in ('asked', 'open') returning ${COLUMNS}`,
    values: [id, by],
  });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

/** Writes down what has run out: it held no longer than that anyway. */
export async function tellLapsed(db: Database, journal: Pick<Journal, 'recordIn'>): Promise<void> {
  const due = await db.query({ text: `select 1 from policy_exceptions where state = 'open' and until <= clock_timestamp() limit 1` });
  if (due.rowCount === 0) return;
  await db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `update policy_exceptions set state = 'lapsed', ended_at = until where state = 'open' and until <= clock_timestamp() returning ${COLUMNS}`,
    });
    for (const one of rows.map((found) => row.parse(found)))
      await journal.recordIn(tx, {}, [{ kind: 'exception.lapsed', exception: one.id, rule: one.rule, until: one.until.toISOString() }]);
  });
}
