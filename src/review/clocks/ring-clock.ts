import { z } from 'zod';
import type { RaiseAlert } from '../../announcements/alerts.ts';
import { announce } from '../../announcements/announce.ts';
import { type Afterwards, DONE, jobKind } from '../../jobs/job-kind.ts';
import { enqueue } from '../../jobs/job-store.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Queryable } from '../../storage/database.ts';
import { CLOCK_QUEUE, type Clock, momentOf, nextMoment } from './clock.ts';
import { lockAnyClock } from './clock-store.ts';
import { ALARM_PERCENTS } from './obligation.ts';

/** Its queue; a job of it has the clock's id as its key. */
export const SAFE_OUTCOME_QUEUE = 'safe-outcome';

export interface RingParts {
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly raiseAlert: RaiseAlert;
  /** For metrics and the log; not called for restricted cases, of which not even a count is shown, nor for replays. */
  readonly told: (event: ClockEvent) => void;
}

/** An alarm, or 100 for a deadline that passed. */
export interface ClockEvent {
  readonly caseId: string;
  readonly obligation: string;
  readonly percent: number;
}

interface CaseFacts {
  readonly queue: string;
  readonly restricted: boolean;
  /** A case shown again to learn how people decide: nobody outside hears of it, and nobody is called for it. */
  readonly isReplay: boolean;
  readonly application: string | null;
}

/**
 * The durable timer of a clock: alarms at 50, 75 and 90 % of its time, and its end. Each stands in the ledger in the transaction that remembers it, so
 * that none is given twice and none is lost. What was slept through is told once, as its highest.
 */
export function ringClocks(parts: RingParts) {
  return jobKind({
    queue: CLOCK_QUEUE,
    payload: z.object({ clock: z.string() }),
    concurrency: 4,
    deadlineMs: 10_000,
    maxAttempts: 1_000,
    work:
      async ({ clock: id }) =>
      async (tx) => {
        const clock = await lockAnyClock(tx, id);
        return clock === null || clock.endedAt !== null || clock.pausedAt !== null ? DONE : ring(tx, clock, parts);
      },
  });
}

async function ring(tx: Queryable, clock: Clock, parts: RingParts): Promise<Afterwards> {
  const at = await databaseTime(tx);
  const percent = percentReached(clock, at);
  if (percent === null) return later(clock);
  const alarmed = ALARM_PERCENTS.filter((one) => one <= percent);
  const isOver = percent === 100;
  await tx.query({
    text: 'update case_clocks set alarmed = $2, passed_at = case when $3 then clock_timestamp() end where id = $1',
    values: [clock.id, alarmed, isOver],
  });
  const { restricted, isReplay } = await tell(tx, clock, percent, parts);
  if (isOver) await enqueue(tx, [{ queue: SAFE_OUTCOME_QUEUE, uniqueKey: clock.id, payload: { clock: clock.id } }]);
  if (!restricted && !isReplay) parts.told({ caseId: clock.caseId, obligation: clock.obligation, percent });
  return later({ ...clock, alarmed, passedAt: isOver ? at : null });
}

/** The highest alarm whose moment has come and that was not given, 100 for the end, or null. */
export function percentReached(clock: Clock, at: Date): number | null {
  if (clock.passedAt !== null) return null;
  const isReached = (percent: number) => momentOf(clock, percent).getTime() <= at.getTime();
  if (isReached(100)) return 100;
  return ALARM_PERCENTS.findLast((percent) => isReached(percent) && !clock.alarmed.includes(percent)) ?? null;
}

function later(clock: Clock): Afterwards {
  const at = nextMoment(clock);
  return at === null ? DONE : { kind: 'again', at };
}

async function tell(tx: Queryable, clock: Clock, percent: number, { journal, raiseAlert }: RingParts): Promise<CaseFacts> {
  const found = await factsOf(tx, clock);
  const { queue, restricted, isReplay, application } = found;
  const { id, caseId, obligation, isStatutory, dueAt } = clock;
  const isOver = percent === 100;
  const body = { case: caseId, clock: id, obligation, percent, statutory: isStatutory, due_at: dueAt.toISOString() };
  await journal.recordIn(tx, {}, [{ kind: isOver ? 'case.deadline_passed' : 'case.alarm', ...body }]);
  if (isReplay) return found;
  if (!restricted) await announce(tx, { type: isOver ? 'case.deadline_passed' : 'case.alarm', application, data: { ...body, queue } });
  if (percent < (isStatutory ? 75 : 90)) return found;
  await raiseAlert(tx, {
    key: `clock:${obligation}:${queue}:${isOver ? 'passed' : 'soon'}`,
    severity: isStatutory || isOver ? 'page' : 'ticket',
    audience: restricted ? 'child_safety' : 'operations',
    title: isOver ? `A deadline has passed: ${obligation}` : `${percent} % of the time is over: ${obligation}`,
    text: `Queue ${queue}, ${isStatutory ? 'set by a law' : 'a target of our own'}, due ${dueAt.toISOString()}.${restricted ? '' : ` Case ${caseId}.`}`,
  });
  return found;
}

const time = z.object({ now: z.date() });

/** The clock by which the job became due; that of this machine may lag. */
async function databaseTime(tx: Queryable): Promise<Date> {
  const { rows } = await tx.query({ name: 'clock-now', text: 'select clock_timestamp() as now' });
  return time.parse(rows[0]).now;
}

const facts = z
  .object({ queue: z.string(), restricted: z.boolean(), is_replay: z.boolean(), application: z.string().nullable() })
  .transform(({ is_replay: isReplay, ...found }) => ({ ...found, isReplay }));

async function factsOf(tx: Queryable, { caseId }: Clock): Promise<CaseFacts> {
  const { rows } = await tx.query({
    name: 'clock-case-facts',
    text: `select queue, restricted, replays is not null as is_replay, (select imprimatur_application_of(generation_id, upload_id)) as application from cases where id = $1`,
    values: [caseId],
  });
  return facts.parse(rows[0]);
}
