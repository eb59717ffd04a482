import type { CaseId } from '../../contracts/ids.ts';
import { enqueue } from '../../jobs/job-store.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { CLOCK_COLUMNS, CLOCK_QUEUE, type Clock, nextMoment, toClock } from './clock.ts';

/** The clocks of a case, the first deadline first. */
export async function clocksOf(db: Queryable, caseId: CaseId): Promise<readonly Clock[]> {
  const { rows } = await db.query({
    name: 'clocks-of-case',
    text: `select ${CLOCK_COLUMNS} from case_clocks where case_id = $1 order by due_at, id`,
    values: [caseId],
  });
  return rows.map(toClock);
}

/** Locks a clock until the transaction ends; null when there is none. */
export async function lockAnyClock(tx: Queryable, clockId: string): Promise<Clock | null> {
  const { rows } = await tx.query({
    name: 'clock-lock',
    text: `select ${CLOCK_COLUMNS} from case_clocks where id = $1 for update`,
    values: [clockId],
  });
  return rows[0] === undefined ? null : toClock(rows[0]);
}

/** Open clocks, and those whose time is over; for metrics, so without restricted cases. */
export async function countClocks(db: Database): Promise<{ readonly running: number; readonly broken: number }> {
  const { rows } = await db.query<{ running: number; broken: number }>({
    text: `select count(*)::int as running, (count(*) filter (where due_at <= clock_timestamp()))::int as broken
           from case_clocks k join cases c on c.id = k.case_id where ended_at is null and paused_at is null and not c.restricted and c.replays is null`,
  });
  return rows[0] ?? { running: 0, broken: 0 };
}

/** The timer of a clock that runs. */
export async function setTimer(tx: Queryable, clock: Clock): Promise<void> {
  const next = clock.pausedAt === null ? nextMoment(clock) : null;
  if (next !== null) await enqueue(tx, [{ queue: CLOCK_QUEUE, uniqueKey: clock.id, payload: { clock: clock.id }, runAt: next }]);
}

/** After a clock was paused, resumed or started again. */
export async function setFirstDue(tx: Queryable, caseId: CaseId): Promise<void> {
  await tx.query({
    text: `update cases set first_due_at = (
             select min(due_at) from case_clocks where case_id = $1 and ended_at is null and paused_at is null) where id = $1`,
    values: [caseId],
  });
}
