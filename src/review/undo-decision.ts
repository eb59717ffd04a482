import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { lockCase } from './case-store.ts';
import { decisionsOfCase } from './decision-store.ts';
import { giveLease, type Lease } from './leases.ts';
import type { Staff } from './sight.ts';
import { isDecidable } from './transitions.ts';

interface UndoParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  /** The clocks that stopped run on. */
  readonly reopened?: (tx: Queryable, id: CaseId) => Promise<void>;
}

/**
 * Takes back one's own last decision while it has not taken effect. Both stand in the ledger; the case is as it was, and whoever took it back works on it.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN when it is too late, or somebody else decided
 */
export function undoDecision(caseId: CaseId, staff: Staff, parts: UndoParts): Promise<Lease> {
  return parts.db.transaction(async (tx) => {
    await takeBack(tx, caseId, staff, parts);
    return giveLease(tx, { caseId, staff: staff.id });
  });
}

/** The same for a case that was decided together with another: it goes back to its queue. @throws ImprimaturError as `undoDecision` */
export function undoQuietly(caseId: CaseId, staff: Staff, parts: UndoParts): Promise<void> {
  return parts.db.transaction((tx) => takeBack(tx, caseId, staff, parts));
}

/** The answer to a case that was shown again, and the third look that it asked for: the next answer counts. An ordinary case has neither. */
const FORGET = `with answer as (delete from quality_reviews where case_id = $1 returning original_id)
  delete from review_plans where purpose = 'adjudication' and original_id in (select original_id from answer)`;

async function takeBack(tx: Queryable, caseId: CaseId, staff: Staff, { journal, reopened }: UndoParts): Promise<void> {
  const found = await lockCase(tx, caseId);
  if (found === null) throw new ImprimaturError('NOT_FOUND');
  const last = (await decisionsOfCase(tx, caseId)).findLast(({ undone_at }) => undone_at === null);
  if (last === undefined || last.by !== staff.id) throw new ImprimaturError('CASE_NOT_OPEN');
  const { rowCount } = await tx.query({
    text: `update case_decisions set undone_at = clock_timestamp(), effect = 'undone'
           where id = $1 and effect = 'pending' and effect_owner is null and effective_at > clock_timestamp()`,
    values: [last.id],
  });
  if (rowCount === 0) throw new ImprimaturError('CASE_NOT_OPEN');
  await tx.query({
    text: 'update cases set state = $2, closed_at = null, closed_by = null, settles_at = null where id = $1',
    values: [caseId, last.from_state],
  });
  await tx.query({ name: 'forget-answer', text: FORGET, values: [caseId] });
  if (isDecidable(last.from_state)) await reopened?.(tx, caseId);
  await journal.recordIn(tx, {}, [{ kind: 'case.undone', case: caseId, decision: last.id, by: `operator:${staff.id}` }]);
}
