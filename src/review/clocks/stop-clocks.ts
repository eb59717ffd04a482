import type { CaseId } from '../../contracts/ids.ts';
import { cancelJobs, enqueue } from '../../jobs/job-store.ts';
import type { Queryable } from '../../storage/database.ts';
import { CLOCK_COLUMNS, CLOCK_QUEUE, toClock } from './clock.ts';
import { setFirstDue, setTimer } from './clock-store.ts';
import { SAFE_OUTCOME_QUEUE } from './ring-clock.ts';

/** In the transaction that closes a case. A clock that ran out before stays broken. */
export async function stopClocks(tx: Queryable, caseId: CaseId): Promise<void> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'clocks-stop',
    text: `with stopped as (update case_clocks set ended_at = clock_timestamp() where case_id = $1 and ended_at is null returning id),
             none as (update cases set first_due_at = null where id = $1)
           select id from stopped`,
    values: [caseId],
  });
  await cancelJobs(
    tx,
    CLOCK_QUEUE,
    rows.map(({ id }) => id),
  );
}

/**
 * In the transaction that opens a case again, after an undo: the clocks go on as if they had never stopped. The outcome of one that had run out before is asked
 * again, since it was passed over while the case was decided.
 */
export async function reopenClocks(tx: Queryable, caseId: CaseId): Promise<void> {
  const { rows } = await tx.query({
    text: `update case_clocks set ended_at = null where case_id = $1 and ended_at is not null returning ${CLOCK_COLUMNS}`,
    values: [caseId],
  });
  const clocks = rows.map(toClock);
  for (const clock of clocks) await setTimer(tx, clock);
  const late = clocks.flatMap(({ id, passedAt }) => (passedAt === null ? [] : [id]));
  // One that is at work this moment saw a decided case.
  await cancelJobs(tx, SAFE_OUTCOME_QUEUE, late);
  await enqueue(
    tx,
    late.map((clock) => ({ queue: SAFE_OUTCOME_QUEUE, uniqueKey: clock, payload: { clock } })),
  );
  await setFirstDue(tx, caseId);
}
