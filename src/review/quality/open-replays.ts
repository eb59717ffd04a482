import { z } from 'zod';
import { newId } from '../../contracts/ids.ts';
import type { CaseRow } from '../../storage/act.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { type CaseClosed, closeCase } from '../case-store.ts';
import { type QualityPlan, SHIPPED_QUALITY } from './sampling.ts';

export interface ReplayParts {
  readonly db: Database;
  readonly plan?: QualityPlan;
  /** What happens to every case in the transaction that opens it: its clocks start. */
  readonly opened?: (tx: Queryable, rows: readonly CaseRow[]) => Promise<void>;
  readonly closed?: CaseClosed;
}

/** More wait for the next turn. */
const MOST_AT_ONCE = 50;

/** Opens what is due and takes back what nobody took. @returns how many were opened */
export async function turnReplays(parts: ReplayParts): Promise<number> {
  await withdrawStale(parts);
  let opened = 0;
  for (let turn = 0; turn < MOST_AT_ONCE; turn++) {
    const result = await parts.db.transaction((tx) => openNext(tx, parts));
    if (result === 'none') break;
    if (result === 'opened') opened += 1;
  }
  return opened;
}

const planRow = z.object({ purpose: z.enum(['double', 'gold', 'adjudication']), original_id: z.string().nullable(), queue: z.string() });

async function openNext(tx: Queryable, parts: ReplayParts): Promise<'none' | 'dropped' | 'opened'> {
  const { rows } = await tx.query({
    text: `delete from review_plans where id = (
             select id from review_plans where due_at <= clock_timestamp() order by due_at, id limit 1 for update skip locked)
           returning purpose, original_id, queue`,
  });
  if (rows[0] === undefined) return 'none';
  const planned = planRow.parse(rows[0]);
  const subject = planned.purpose === 'gold' ? await nextGold(tx, planned.queue) : { original: planned.original_id ?? '', gold: null };
  if (subject === null) return 'dropped';
  return (await openReplay(tx, { ...subject, purpose: planned.purpose }, parts)) ? 'opened' : 'dropped';
}

/** The gold case that was seen least, by chance among equals; never one that waits in the queue already. */
async function nextGold(tx: Queryable, queue: string): Promise<{ original: string; gold: string } | null> {
  const { rows } = await tx.query({
    text: `select g.id as gold, g.case_id as original from gold_items g join cases c on c.id = g.case_id
           where g.state = 'active' and c.queue = $1
             and not exists (select 1 from cases w where w.replays = g.case_id and w.state in ('open', 'escalated'))
           order by g.shown, random() limit 1 for update of g skip locked`,
    values: [queue],
  });
  return rows[0] === undefined ? null : z.object({ gold: z.string(), original: z.string() }).parse(rows[0]);
}

interface Replay {
  readonly original: string;
  readonly gold: string | null;
  readonly purpose: 'double' | 'gold' | 'adjudication';
}

/**
 * The same case once more, closed to everybody who has decided it before. Nothing is opened when nobody is left who could take it, or when the original was
 * not decided after all (the decision was undone).
 */
const OPEN = `
with known as (
  select coalesce(array_agg(distinct who), '{}') as staff from (
    select by as who from case_decisions where case_id = $2
    union all select unnest(excluded) from cases where id = $2 or replays = $2
    union all select second_by from quality_reviews where original_id = $2
    union all select holder from case_leases l join cases c on c.id = l.case_id where c.id = $2 or c.replays = $2
  ) seen where who is not null
)
insert into cases (id, kind, generation_id, stage, decision_id, upload_id, subject, queue, restricted, categories, region, language, prompt_digest, user_digest,
  excluded, opened_at, replays)
select $1, o.kind, o.generation_id, o.stage, o.decision_id, o.upload_id, o.subject,
  case when $3 = 'adjudication' and not o.restricted then 'senior' else o.queue end,
  o.restricted, o.categories, o.region, o.language, o.prompt_digest, o.user_digest, known.staff, date_trunc('milliseconds', clock_timestamp()), o.id
from cases o, known
where o.id = $2 and o.kind in ('generation', 'upload') and o.replays is null and o.state in ('released', 'blocked')
  and exists (select 1 from case_decisions d where d.decided_at > clock_timestamp() - interval '7 days' and d.by like 'user\\_%' and not d.by = any (known.staff))
returning id, kind, generation_id, stage, decision_id, upload_id, subject, queue, restricted, categories, region, language, prompt_digest, user_digest, excluded, opened_at`;

async function openReplay(tx: Queryable, { original, gold, purpose }: Replay, { opened }: ReplayParts): Promise<boolean> {
  const id = newId('case');
  const { rows } = await tx.query({ text: OPEN, values: [id, original, purpose] });
  if (rows[0] === undefined) return false;
  await tx.query({
    text: 'insert into review_replays (case_id, original_id, purpose, gold_id) values ($1, $2, $3, $4)',
    values: [id, original, purpose, gold],
  });
  await opened?.(tx, [caseRowOf.parse(rows[0])]);
  return true;
}

const caseRowOf = z.object({
  id: z.string(),
  kind: z.string(),
  generation_id: z.string().nullable(),
  stage: z.string().nullable(),
  decision_id: z.string().nullable(),
  upload_id: z.string().nullable(),
  subject: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullable(),
  queue: z.string(),
  restricted: z.boolean(),
  categories: z.array(z.string()),
  region: z.string().nullable(),
  language: z.string().nullable(),
  prompt_digest: z.string().nullable(),
  user_digest: z.string().nullable(),
  excluded: z.array(z.string()),
  opened_at: z.date().transform((at) => at.toISOString()),
});

/** Nobody is owed an answer to these: they leave without one. */
async function withdrawStale({ db, plan = SHIPPED_QUALITY, closed }: ReplayParts): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `select id from cases where replays is not null and state in ('open', 'escalated')
               and opened_at < clock_timestamp() - make_interval(hours => $1) and (lease_until is null or lease_until < clock_timestamp())
             limit ${MOST_AT_ONCE} for update skip locked`,
      values: [plan.replayHours],
    });
    for (const row of rows) {
      const { id } = z.object({ id: z.templateLiteral(['case_', z.string()]) }).parse(row);
      await closeCase(tx, { id, state: 'closed', by: 'quality' }, closed);
    }
  });
}
