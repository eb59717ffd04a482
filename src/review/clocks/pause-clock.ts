import { ImprimaturError } from '../../contracts/errors.ts';
import type { CaseId } from '../../contracts/ids.ts';
import { cancelJobs } from '../../jobs/job-store.ts';
import type { Queryable } from '../../storage/database.ts';
import { CLOCK_COLUMNS, CLOCK_QUEUE, type Clock, toClock } from './clock.ts';
import { lockAnyClock, setFirstDue, setTimer } from './clock-store.ts';

/**
 * Stops a clock of our own for a while, as when the answer of somebody else is awaited.
 * @throws ImprimaturError NOT_FOUND; CLOCK_RUNS_ON for a clock that a law has set, and for one that does not run
 */
export async function pauseClock(tx: Queryable, caseId: CaseId, clockId: string): Promise<Clock> {
  const clock = await lockClock(tx, caseId, clockId);
  if (clock.isStatutory) throw new ImprimaturError('CLOCK_RUNS_ON', { hint: 'A law set it, and nothing pauses it.' });
  if (clock.pausedAt !== null || clock.passedAt !== null || clock.endedAt !== null)
    throw new ImprimaturError('CLOCK_RUNS_ON', { hint: 'It does not run.' });
  await cancelJobs(tx, CLOCK_QUEUE, [clockId]);
  const paused = await change(tx, 'paused_at = clock_timestamp()', clockId);
  await setFirstDue(tx, caseId);
  return paused;
}

/** Gives back the time of the pause. @throws ImprimaturError NOT_FOUND, CLOCK_RUNS_ON when it is not paused */
export async function resumeClock(tx: Queryable, caseId: CaseId, clockId: string): Promise<Clock> {
  const clock = await lockClock(tx, caseId, clockId);
  if (clock.pausedAt === null || clock.endedAt !== null) throw new ImprimaturError('CLOCK_RUNS_ON', { hint: 'It is not paused.' });
  const running = await change(tx, 'due_at = due_at + (clock_timestamp() - paused_at), paused_at = null', clockId);
  await setTimer(tx, running);
  await setFirstDue(tx, caseId);
  return running;
}

async function lockClock(tx: Queryable, caseId: CaseId, clockId: string): Promise<Clock> {
  // The case first, as everything that closes one does.
  await tx.query({ text: 'select 1 from cases where id = $1 for update', values: [caseId] });
  const clock = await lockAnyClock(tx, clockId);
  if (clock === null || clock.caseId !== caseId) throw new ImprimaturError('NOT_FOUND');
  return clock;
}

async function change(tx: Queryable, set: string, clockId: string): Promise<Clock> {
  const { rows } = await tx.query({ text: `update case_clocks set ${set} where id = $1 returning ${CLOCK_COLUMNS}`, values: [clockId] });
  return toClock(rows[0]);
}
