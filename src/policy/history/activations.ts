import { z } from 'zod';
import { type CaseId, newId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import { nextRegistryVersion } from '../../registries/registry-version.ts';
import type { Queryable } from '../../storage/database.ts';

const row = z.object({
  id: z.templateLiteral(['pact_', z.string()]),
  digest: z.string(),
  replaces: z.string().nullable(),
  /** `overtaken`: boards approved it as a change of a policy that was not in force any more. */
  state: z.enum(['asked', 'active', 'rejected', 'overtaken', 'ended']),
  asked_by: z.string(),
  asked_at: z.date(),
  case_id: z.templateLiteral(['case_', z.string()]).nullable(),
  active_at: z.date().nullable(),
  ended_at: z.date().nullable(),
});

/** That a policy was to be in force, and what became of that. Without a case the configuration said so. */
export type Activation = z.output<typeof row>;

const COLUMNS = 'id, digest, replaces, state, asked_by, asked_at, case_id, active_at, ended_at';

/** The newest first; of one policy, or of all. */
export async function listActivations(db: Queryable, digest: string | null = null): Promise<readonly Activation[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from policy_activations where $1::text is null or digest = $1 order by asked_at desc, id desc limit 500`,
    values: [digest],
  });
  return rows.map((one) => row.parse(one));
}

export async function activationOfCase(db: Queryable, caseId: CaseId): Promise<Activation | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from policy_activations where case_id = $1`, values: [caseId] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

/** What is in force, on whose word. */
export async function activeOf(db: Queryable): Promise<Activation | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from policy_activations where state = 'active'` });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

interface Asked {
  readonly digest: string;
  /** In force when it was asked: boards approve the change from there. */
  readonly replaces: string;
  readonly caseId: CaseId;
  readonly by: string;
}

export async function addAsked(tx: Queryable, { digest, replaces, caseId, by }: Asked): Promise<void> {
  await tx.query({
    text: `insert into policy_activations (id, digest, replaces, state, asked_by, case_id) values ($1, $2, $3, 'asked', $4, $5)`,
    values: [newId('pact'), digest, replaces, by, caseId],
  });
}

/** Ends what was asked without effect. False when it was ended before. */
export async function endAsked(tx: Queryable, id: Activation['id'], state: 'rejected' | 'overtaken'): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `update policy_activations set state = $2, ended_at = clock_timestamp() where id = $1 and state = 'asked'`,
    values: [id, state],
  });
  return rowCount > 0;
}

/** In force from when the transaction commits; every process looks for it. What was in force before has ended, exceptions from it too. */
export async function activate(tx: Queryable, { id, digest }: Pick<Activation, 'id' | 'digest'>): Promise<void> {
  await nextRegistryVersion(tx, 'policy');
  await tx.query({ text: `update policy_activations set state = 'ended', ended_at = clock_timestamp() where state = 'active'` });
  await tx.query({
    text: `update policy_activations set state = 'active', active_at = clock_timestamp() where id = $1`,
    values: [id],
  });
  await tx.query({
    text: `update policy_exceptions set state = 'ended', ended_at = clock_timestamp(), ended_by = 'policy' where state in ('open', 'asked') and digest <> $1`,
    values: [digest],
  });
}

interface Adopting {
  readonly digest: string;
  /** Also where boards have spoken: the configuration says that a file alone decides. */
  readonly isAlone: boolean;
}

/**
 * At a start: the configuration's policy is in force unless boards said otherwise, and the history tells of it.
 * @returns the digest that boards put into force before, and that the configuration sets aside with its `policyBy: file`; else null
 */
export async function adoptConfigured(
  tx: Queryable,
  { digest, isAlone }: Adopting,
  journal: Pick<Journal, 'recordIn'>,
): Promise<string | null> {
  await nextRegistryVersion(tx, 'policy');
  const active = await activeOf(tx);
  const isByBoards = active !== null && active.case_id !== null;
  if (isByBoards ? !isAlone : active?.digest === digest) return null;
  const id = newId('pact');
  await tx.query({
    text: `insert into policy_activations (id, digest, replaces, state, asked_by) values ($1, $2, $3, 'ended', 'configuration')`,
    values: [id, digest, active?.digest ?? null],
  });
  await activate(tx, { id, digest });
  const from = active === null ? {} : { from: active.digest };
  await journal.recordIn(tx, {}, [{ kind: 'policy.adopted', digest, ...from, by: 'configuration', set_aside: isByBoards }]);
  return isByBoards ? active.digest : null;
}
