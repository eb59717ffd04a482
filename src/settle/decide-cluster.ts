import { ImprimaturError } from '../contracts/errors.ts';
import { type CaseId, newId } from '../contracts/ids.ts';
import type { ReviewCase } from '../review/case-store.ts';
import type { DecisionWish, Recorded } from '../review/decision-wish.ts';
import { clusterOf, picturesOf, probeOf } from '../review/pictures/look-alikes.ts';
import type { Staff } from '../review/sight.ts';
import { undoDecision, undoQuietly } from '../review/undo-decision.ts';
import { type ReviewCaseParts, reviewCase } from './review-case.ts';

/** How a decision on several look-alikes went. Skipped: somebody works on it, decided it meanwhile, or may not be overruled by one person. */
export interface ClusterResult {
  readonly recorded: Recorded;
  readonly decided: readonly CaseId[];
  readonly skipped: readonly CaseId[];
}

/**
 * One decision for a case and for the open look-alikes of its queue, so that nobody has to see the same picture again. Each of them is decided by itself:
 * a second person, a lease of somebody else, a lost evidence count as they do for one.
 * @throws ImprimaturError what `reviewCase` throws for the case itself; then nothing is decided
 */
export async function decideCluster(found: ReviewCase, wish: DecisionWish, parts: ReviewCaseParts): Promise<ClusterResult> {
  const probe = probeOf(await picturesOf(parts.db, found.id));
  const [, ...others] = await clusterOf(parts.db, found, probe);
  const batch = newId('batch');
  const recorded = await reviewCase({ ...wish, batch }, parts);
  if (recorded.kind === 'repeated') return { recorded, decided: [], skipped: [] };
  const decided: CaseId[] = [];
  const skipped: CaseId[] = [];
  for (const caseId of others) {
    const isDecided = await reviewCase({ ...wish, ...NOBODY, caseId, lease: null, batch }, parts).then(() => true, notThisOne);
    (isDecided ? decided : skipped).push(caseId);
  }
  return { recorded, decided, skipped };
}

/** Who else asked for something that looks alike is another person, on whom nobody has decided. */
const NOBODY = { userAction: null, userActionDays: null };

/** What keeps one case from being decided keeps no other. */
function notThisOne(error: unknown): false {
  if (error instanceof ImprimaturError && error.code !== 'STORAGE_UNAVAILABLE') return false;
  throw error;
}

/** Takes back a decision, and those that were made with it. @throws ImprimaturError CASE_NOT_OPEN when it is too late for the case itself */
export async function undoTogether(caseId: CaseId, staff: Staff, parts: ReviewCaseParts) {
  const { rows } = await parts.db.query<{ case_id: CaseId }>({
    text: `select d.case_id from case_decisions own join case_decisions d on d.batch = own.batch and d.by = own.by and d.case_id <> own.case_id
           where own.case_id = $1 and own.by = $2 and own.undone_at is null and d.effect = 'pending'`,
    values: [caseId, staff.id],
  });
  const lease = await undoDecision(caseId, staff, parts);
  for (const { case_id: other } of rows) await undoQuietly(other, staff, parts).catch(notThisOne);
  return lease;
}
