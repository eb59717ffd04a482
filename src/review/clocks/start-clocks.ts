import { z } from 'zod';
import { newId } from '../../contracts/ids.ts';
import type { CaseRow } from '../../storage/act.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import type { CasesOpened } from '../../storage/write-acts.ts';
import { CASE_KINDS } from '../queues.ts';
import { CLOCK_QUEUE, nextMoment } from './clock.ts';
import { deadlineAfter } from './deadline.ts';
import { BASES, type Basis, doesApply, type Obligation, type Occasion, type SafeOutcome } from './obligation.ts';

export interface ClockRules {
  readonly obligations: readonly Obligation[];
  /** Regions in which the service is offered; null: everywhere. */
  readonly markets: readonly string[] | null;
}

/** One statement, so that a hold pays one round trip: the clocks that a case does not have yet, their timers, and the case's first deadline. */
const START = `
with c as (
  insert into case_clocks (id, case_id, obligation, is_statutory, duration, zone, safe_outcome, started_at, promised_at, due_at)
  select id, case_id, obligation, is_statutory, duration, zone, safe_outcome, started_at, due_at, due_at
  from jsonb_to_recordset($1::jsonb) as x(id text, case_id text, obligation text, is_statutory boolean, duration text, zone text, safe_outcome text,
    started_at timestamptz, due_at timestamptz)
  on conflict (case_id, obligation) do nothing returning id, case_id, due_at
), j as (
  insert into jobs (id, queue, unique_key, payload, run_at)
  select x.job, '${CLOCK_QUEUE}', x.id, jsonb_build_object('clock', x.id), x.next_at
  from jsonb_to_recordset($1::jsonb) as x(id text, job text, next_at timestamptz) join c on c.id = x.id
)
update cases set first_due_at = least(cases.first_due_at, first.due_at)
from (select case_id, min(due_at) as due_at from c group by case_id) first
where cases.id = first.case_id`;

/**
 * What has to happen in the transaction that opens cases, or makes one more urgent: every clock that applies and does not run yet starts at the moment that the row
 * gives. `rules` is asked at each, since the policy is read later than the journal is built.
 */
export function createClockStarter(rules: () => ClockRules): CasesOpened {
  return startFor(rules);
}

/** What clocks need to know of a case. */
type Clockable = Pick<CaseRow, 'id' | 'kind' | 'subject' | 'restricted' | 'categories' | 'region' | 'opened_at'>;

function startFor(rules: () => ClockRules) {
  return async (tx: Queryable, cases: readonly Clockable[]): Promise<void> => {
    const { obligations, markets } = rules();
    const rows = cases.flatMap((row) => {
      const on = occasionOf(row);
      return obligations.filter((one) => doesApply(one, on, markets)).map((one) => clockOf(row, on, one));
    });
    if (rows.length > 0) await tx.query({ name: 'clocks-start', text: START, values: [JSON.stringify(rows)] });
  };
}

const missing = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullable(),
  restricted: z.boolean(),
  categories: z.array(z.string()),
  region: z.string().nullable(),
  now: z.date(),
});

/** Open cases from before there were clocks: theirs start now, at the first start of this release. */
export async function startMissingClocks(db: Database, rules: () => ClockRules): Promise<void> {
  const start = startFor(rules);
  for (let started = AT_ONCE; started === AT_ONCE; ) {
    started = await db.transaction(async (tx) => {
      const { rows } = await tx.query({
        text: `select id, kind, subject, restricted, categories, region, clock_timestamp() as now from cases c
               where state in ('open', 'escalated') and first_due_at is null and not exists (select 1 from case_clocks where case_id = c.id)
               order by opened_at limit ${AT_ONCE} for update skip locked`,
      });
      const found = rows.map((row) => missing.parse(row)).map(({ now, ...row }) => ({ ...row, opened_at: now.toISOString() }));
      await start(tx, found);
      return found.length;
    });
  }
}

const AT_ONCE = 500;

function clockOf(row: Clockable, { openedAt }: Occasion, { id: obligation, isStatutory, duration, zone, safeOutcome }: Obligation) {
  const dueAt = deadlineAfter(openedAt, duration, zone);
  const next = nextMoment({ startedAt: openedAt, promisedAt: dueAt, dueAt, alarmed: [], passedAt: null }) ?? dueAt;
  return {
    id: newId('clock'),
    job: newId('job'),
    case_id: row.id,
    obligation,
    is_statutory: isStatutory,
    duration,
    zone,
    safe_outcome: row.restricted ? withoutDecision(safeOutcome) : safeOutcome,
    started_at: openedAt.toISOString(),
    due_at: dueAt.toISOString(),
    next_at: next.toISOString(),
  };
}

/** No timer decides about suspected child abuse material; what was reported may be kept from everybody meanwhile. */
function withoutDecision(outcome: SafeOutcome): SafeOutcome {
  return outcome === 'remove' || outcome === 'hide' ? 'hide' : 'keep';
}

/** What obligations are told of a case. @throws RangeError for a kind that there is not */
export function occasionOf(row: Pick<CaseRow, 'kind' | 'subject' | 'categories' | 'region' | 'opened_at'>): Occasion {
  const kind = CASE_KINDS.find((one) => one === row.kind);
  if (kind === undefined) throw new RangeError(`a case of kind ${JSON.stringify(row.kind)}`);
  const { categories, region } = row;
  return { kind, basis: basisOf(row.subject?.['basis'], categories), categories, region, openedAt: new Date(row.opened_at) };
}

/** A notice that names no basis stands on what it is about, so that no clock of a law is forgotten. */
function basisOf(said: unknown, categories: readonly string[]): Basis {
  const known = BASES.find((one) => one === said);
  if (known !== undefined) return known;
  if (categories.includes('sexual_minors')) return 'child_abuse_report';
  return categories.includes('ncii_undress') || categories.includes('sexual') ? 'intimate_image_report' : 'notice';
}
