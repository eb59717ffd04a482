import { z } from 'zod';
import { type CaseId, newId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import type { Lot } from './lot.ts';
import { drawReplays, type QualityPlan, SHIPPED_QUALITY } from './sampling.ts';

export interface SettledDecision {
  readonly caseId: CaseId;
  readonly staff: string;
  readonly decision: string;
  readonly at: Date;
}

export interface QualityParts {
  readonly lot: Lot;
  readonly plan?: QualityPlan;
}

const row = z.object({
  kind: z.string(),
  queue: z.string(),
  replays: z.string().nullable(),
  purpose: z.enum(['double', 'gold', 'adjudication']).nullable(),
  gold_id: z.string().nullable(),
  gold_decision: z.string().nullable(),
  first_decision: z.string().nullable(),
  first_by: z.string().nullable(),
});
type Found = z.output<typeof row>;

const FIND = `
select c.kind, c.queue, c.replays, r.purpose, r.gold_id, g.decision as gold_decision, f.decision as first_decision, f.by as first_by
from cases c
left join review_replays r on r.case_id = c.id
left join gold_items g on g.id = r.gold_id
left join lateral (
  select decision, by from case_decisions
  where case_id = r.original_id and role in ('first', 'second') and decision <> 'escalate' and undone_at is null order by seq desc limit 1
) f on true
where c.id = $1`;

/** Whether a case was decided before and is shown again. */
export async function isReplay(db: Queryable, caseId: CaseId): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-replay',
    text: 'select 1 from cases where id = $1 and replays is not null',
    values: [caseId],
  });
  return rowCount === 1;
}

/** Cases that were decided before and are shown again, for whoever records decisions. */
export function createReplays(parts: QualityParts) {
  return { isReplay, settle: (tx: Queryable, settled: SettledDecision) => settleReplay(tx, settled, parts) };
}

/**
 * To be called with each first decision of a person on a case, in its transaction. True: the case replays another one, the answer is noted, and nothing
 * may follow from it. False: an ordinary case, for which the lots are drawn whether somebody looks a second time and whether a gold case comes later.
 * The same statements run for both, so the time that an answer takes tells nothing.
 */
export async function settleReplay(
  tx: Queryable,
  settled: SettledDecision,
  { lot, plan = SHIPPED_QUALITY }: QualityParts,
): Promise<boolean> {
  const { rows } = await tx.query({ name: 'find-replay', text: FIND, values: [settled.caseId] });
  if (rows[0] === undefined) return false;
  const found = row.parse(rows[0]);
  await note(tx, settled, found);
  await settleGold(tx, found, plan);
  await proposeGold(tx, settled);
  const planned = found.replays !== null ? followUps(settled, found) : drawn(settled, found, { lot, plan });
  await schedule(tx, planned);
  return found.replays !== null;
}

/** Nothing is inserted for an ordinary case: it has no replay to join. */
async function note(tx: Queryable, { caseId, staff, decision, at }: SettledDecision, found: Found): Promise<void> {
  await tx.query({
    name: 'note-quality-review',
    text: `insert into quality_reviews (case_id, original_id, purpose, queue, policy, categories, region, language, first_by, first_decision, second_by, second_decision, decided_at)
      select r.case_id, r.original_id, r.purpose, o.queue, coalesce(d.policy, o.queue), o.categories, o.region, o.language, $2, $3, $4, $5, $6
      from review_replays r join cases o on o.id = r.original_id
      left join lateral (
        select policy from case_decisions where case_id = o.id and undone_at is null order by seq desc limit 1
      ) d on true
      where r.case_id = $1 and $3::text is not null on conflict (case_id) do nothing`,
    values: [caseId, found.gold_id === null ? found.first_by : null, found.gold_decision ?? found.first_decision, staff, decision, at],
  });
}

async function settleGold(tx: Queryable, { gold_id }: Found, { goldLooks }: QualityPlan): Promise<void> {
  await tx.query({
    name: 'count-gold-look',
    text: `update gold_items set shown = shown + 1, state = case when shown + 1 >= $2 then 'retired' else state end,
             retired_at = case when shown + 1 >= $2 then clock_timestamp() else retired_at end
           where id = $1`,
    values: [gold_id, goldLooks],
  });
}

/** What somebody decided between two who disagreed may become a gold case, once a lead agrees. */
async function proposeGold(tx: Queryable, { caseId, decision, staff }: SettledDecision): Promise<void> {
  await tx.query({
    name: 'propose-gold',
    text: `insert into gold_items (id, case_id, decision, rationale, state, made_by)
           select $2, original_id, $3, 'Decided between two who disagreed.', 'candidate', $4 from review_replays where case_id = $1 and purpose = 'adjudication'
           on conflict (case_id) do nothing`,
    values: [caseId, newId('gold'), decision, staff],
  });
}

interface Planned {
  readonly purpose: string;
  readonly original: string | null;
  readonly queue: string;
  readonly dueAt: Date;
}

/** Lots are drawn for people at work only: nobody samples a script, and nobody would take its second look. */
function drawn({ caseId, staff, at }: SettledDecision, { kind, queue }: Found, { lot, plan }: Required<QualityParts>): readonly Planned[] {
  if (!staff.startsWith('user_') || (kind !== 'generation' && kind !== 'upload')) return [];
  return drawReplays(caseId, { lot, plan, now: at }).map(({ purpose, dueAt }) => ({
    purpose,
    original: purpose === 'gold' ? null : caseId,
    queue,
    dueAt,
  }));
}

/** Where two disagree a third one says what is right. */
function followUps({ decision, at }: SettledDecision, { purpose, replays, first_decision, queue }: Found): readonly Planned[] {
  if (purpose !== 'double' || first_decision === null || first_decision === decision) return [];
  return [{ purpose: 'adjudication', original: replays, queue, dueAt: at }];
}

async function schedule(tx: Queryable, planned: readonly Planned[]): Promise<void> {
  const rows = planned.map(({ purpose, original, queue, dueAt }) => ({
    purpose,
    original_id: original,
    queue,
    due_at: dueAt.toISOString(),
  }));
  await tx.query({
    name: 'plan-replays',
    text: `insert into review_plans (purpose, original_id, queue, due_at)
           select * from jsonb_to_recordset($1::jsonb) as x(purpose text, original_id text, queue text, due_at timestamptz)
           on conflict do nothing`,
    values: [JSON.stringify(rows)],
  });
}
