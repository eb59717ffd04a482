import { z } from 'zod';
import { type CaseId, newId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';
import { CASE_STATES, type CaseState } from './case-store.ts';
import { CASE_DECISIONS, type CaseDecisionName } from './transitions.ts';

/** What a block can do about the person who asked, the mildest first. */
export const USER_ACTIONS = ['warn', 'strike', 'limit', 'suspend', 'ban'] as const;
export type UserAction = (typeof USER_ACTIONS)[number];

/** Part of a picture, in shares of its width and height from the top left corner. `crop` keeps it, `blur` makes it unrecognizable. */
export const regionSchema = z.strictObject({
  media: z.string().max(64).exactOptional(),
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
  how: z.enum(['blur', 'crop']),
});
export type Region = z.output<typeof regionSchema>;

/** `correction`: said later, beside the first. `timer`: nobody spoke in time, and the policy says what then. */
export type DecisionRole = 'first' | 'second' | 'correction' | 'timer';

const row = z.object({
  id: z.string(),
  case_id: z.templateLiteral(['case_', z.string()]),
  seq: z.number(),
  decision: z.enum(CASE_DECISIONS),
  policy: z.string().nullable(),
  reasons: z.array(z.string()),
  note: z.string().nullable(),
  regions: z.array(regionSchema).nullable(),
  user_action: z.enum(USER_ACTIONS).nullable(),
  /** For how long; null: as long as such an action takes where nobody says, or without end. */
  user_action_days: z.number().nullable(),
  escalate_to: z.string().nullable(),
  by: z.string(),
  role: z.enum(['first', 'second', 'correction', 'timer']),
  lease_id: z.string().nullable(),
  batch: z.string().nullable(),
  from_state: z.enum(CASE_STATES),
  decision_id: z.string().nullable(),
  decided_at: z.date(),
  effective_at: z.date(),
  undone_at: z.date().nullable(),
  effect: z.enum(['none', 'pending', 'done', 'undone']),
  effect_attempts: z.number(),
  ledger_leaf: z.string().nullable(),
});

/** What somebody decided on a case, as it was written down. */
export type CaseDecision = z.output<typeof row>;

const COLUMNS = `id, case_id, seq, decision, policy, reasons, note, regions, user_action, user_action_days, escalate_to, by, role, lease_id, batch, from_state, decision_id, decided_at,
  effective_at, undone_at, effect, effect_attempts, ledger_leaf`;

export interface NewCaseDecision {
  readonly caseId: CaseId;
  readonly decision: CaseDecisionName;
  readonly policy: string | null;
  readonly reasons: readonly string[];
  readonly note: string | null;
  readonly regions: readonly Region[];
  readonly userAction: UserAction | null;
  readonly userActionDays: number | null;
  readonly escalateTo: string | null;
  readonly by: string;
  readonly role: DecisionRole;
  readonly leaseId: string | null;
  /** Decided together with look-alikes. */
  readonly batch: string | null;
  /** What the case was before. */
  readonly fromState: CaseState;
  /** The decision on the generation that it makes; null for other kinds. */
  readonly decisionId: string | null;
  readonly effect: CaseDecision['effect'];
  /** Until it takes effect. */
  readonly undoSeconds: number;
  /** The process that makes it happen as soon as it is written, where nobody can take it back; null: whichever takes it up. */
  readonly settledBy: string | null;
}

/** How long an effect is one process's alone. */
const CLAIM = `interval '60 seconds'`;

/** In the transaction that holds the lock of the case, so that `seq` counts without a gap. */
export async function addDecision(tx: Queryable, one: NewCaseDecision): Promise<CaseDecision> {
  const { rows } = await tx.query({
    name: 'add-case-decision',
    text: `insert into case_decisions (id, case_id, seq, decision, policy, reasons, note, regions, user_action, escalate_to, by, role, lease_id,
             batch, from_state, decision_id, effect, effective_at, user_action_days, effect_owner, effect_until, effect_attempts)
           select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5::text[], $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16,
             clock_timestamp() + make_interval(secs => $17), $18::int, $19::text, case when $19::text is not null then clock_timestamp() + ${CLAIM} end,
             case when $19::text is null then 0 else 1 end
           from case_decisions where case_id = $2 returning ${COLUMNS}`,
    values: [
      newId('cdec'),
      one.caseId,
      one.decision,
      one.policy,
      one.reasons,
      one.note,
      one.regions.length === 0 ? null : JSON.stringify(one.regions),
      one.userAction,
      one.escalateTo,
      one.by,
      one.role,
      one.leaseId,
      one.batch,
      one.fromState,
      one.decisionId,
      one.effect,
      one.undoSeconds,
      one.userActionDays,
      one.effect === 'pending' && one.undoSeconds === 0 ? one.settledBy : null,
    ],
  });
  return row.parse(rows[0]);
}

/** Everything that was decided on a case, the first one first. */
export async function decisionsOfCase(db: Queryable, caseId: CaseId): Promise<readonly CaseDecision[]> {
  const { rows } = await db.query({
    name: 'decisions-of-case',
    text: `select ${COLUMNS} from case_decisions where case_id = $1 order by seq`,
    values: [caseId],
  });
  return rows.map((one) => row.parse(one));
}

/** What was decided under a lease: the answer to the same request sent again. */
export async function decisionOfLease(db: Queryable, leaseId: string): Promise<CaseDecision | null> {
  const { rows } = await db.query({
    name: 'decision-of-lease',
    text: `select ${COLUMNS} from case_decisions where lease_id = $1`,
    values: [leaseId],
  });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

/**
 * Takes what has to happen now, at most `limit`, for this process alone and for a minute. @param only this decision, also while it waits after a failure
 */
export async function claimEffects(
  db: Queryable,
  { owner, limit, only = null }: { readonly owner: string; readonly limit: number; readonly only?: string | null },
): Promise<readonly CaseDecision[]> {
  const { rows } = await db.query({
    name: 'claim-effects',
    text: `with due as (
        select id from case_decisions
        where effect = 'pending' and ($3::text is null or id = $3) and effective_at <= clock_timestamp()
          and (effect_until is null or effect_until <= clock_timestamp() or ($3::text is not null and effect_owner is null))
        order by effective_at limit $2 for update skip locked
      )
      update case_decisions d set effect_owner = $1, effect_until = clock_timestamp() + ${CLAIM}, effect_attempts = effect_attempts + 1
      from due where d.id = due.id returning ${COLUMNS.replaceAll(/(\w+)/g, 'd.$1')}`,
    values: [owner, limit, only],
  });
  return rows.map((one) => row.parse(one));
}

/** It happened. The case is settled with it. */
export async function effectDone(tx: Queryable, { id, case_id }: CaseDecision): Promise<void> {
  await tx.query({
    text: `with done as (update case_decisions set effect = 'done', effect_until = null where id = $1)
           update cases set settles_at = null where id = $2`,
    values: [id, case_id],
  });
}

const MAX_PAUSE_SECONDS = 600;

/** It did not happen: later again, ever more seldom. */
export async function effectFailed(db: Queryable, { id, effect_attempts }: CaseDecision): Promise<void> {
  await db.query({
    text: 'update case_decisions set effect_owner = null, effect_until = clock_timestamp() + make_interval(secs => $2) where id = $1 and effect = $3',
    values: [id, Math.min(2 ** effect_attempts, MAX_PAUSE_SECONDS), 'pending'],
  });
}
