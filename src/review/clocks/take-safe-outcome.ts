import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { CaseId } from '../../contracts/ids.ts';
import { DONE, jobKind } from '../../jobs/job-kind.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { CLOCK_COLUMNS, type Clock, toClock } from './clock.ts';
import type { SafeOutcome } from './obligation.ts';
import { SAFE_OUTCOME_QUEUE } from './ring-clock.ts';

/** A decision of nobody: what the policy says becomes of a case that was not decided in time. */
export interface TimerVerdict {
  readonly caseId: CaseId;
  readonly decision: Exclude<SafeOutcome, 'keep' | 'hide'>;
  /** The obligation whose time is over; the reason of the decision. */
  readonly obligation: string;
}

export interface SafeOutcomeParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  /**
   * The path that a person's decision takes.
   * @throws ImprimaturError CASE_NOT_OPEN when the case was decided meanwhile
   */
  readonly decide: (verdict: TimerVerdict) => Promise<void>;
  /** Decides nothing. `keep`: there is nothing of ours to hide. */
  readonly hide: (late: Pick<TimerVerdict, 'caseId'>) => Promise<'hide' | 'keep' | 'decided'>;
}

/** Cases whose deadline passed take the outcome that nobody can be hurt by. Nothing is ever let go by a timer. */
export function takeSafeOutcomes({ db, journal, decide, hide }: SafeOutcomeParts) {
  return jobKind({
    queue: SAFE_OUTCOME_QUEUE,
    payload: z.object({ clock: z.string() }),
    concurrency: 2,
    deadlineMs: 60_000,
    maxAttempts: 1_000,
    async work({ clock: id }) {
      const clock = await findClock(db, id);
      const outcome = clock === null || clock.endedAt !== null ? null : clock.safeOutcome;
      const taken = clock === null || outcome === null ? 'decided' : await take(clock, outcome, { decide, hide });
      return async (tx) => {
        if (clock !== null && taken !== 'decided') {
          const { caseId, obligation } = clock;
          await journal.recordIn(tx, {}, [{ kind: 'case.safe_outcome', case: caseId, clock: id, obligation, outcome: taken, by: 'timer' }]);
        }
        return DONE;
      };
    },
  });
}

async function take(
  { caseId, obligation }: Clock,
  outcome: SafeOutcome,
  { decide, hide }: Pick<SafeOutcomeParts, 'decide' | 'hide'>,
): Promise<SafeOutcome | 'decided'> {
  if (outcome === 'keep') return 'keep';
  if (outcome === 'hide') return hide({ caseId });
  try {
    await decide({ caseId, decision: outcome, obligation });
    return outcome;
  } catch (error) {
    if (error instanceof ImprimaturError && error.code === 'CASE_NOT_OPEN') return 'decided';
    throw error;
  }
}

async function findClock(db: Database, id: string): Promise<Clock | null> {
  const { rows } = await db.query({ text: `select ${CLOCK_COLUMNS} from case_clocks where id = $1`, values: [id] });
  return rows[0] === undefined ? null : toClock(rows[0]);
}
