import { ImprimaturError } from '../contracts/errors.ts';
import type { Queryable } from '../storage/database.ts';
import { lockCase, type ReviewCase } from './case-store.ts';
import { requireLease, requireTransition } from './check-wish.ts';
import { castVote, escalate, finish, waitForSecond } from './conclude-decision.ts';
import { type CaseDecision, decisionOfLease, decisionsOfCase } from './decision-store.ts';
import { type DecisionStep, type DecisionWish, type DecisionWrites, NO_WRITES, type Recorded, type RecordParts } from './decision-wish.ts';
import { blursOf, isSameAs, secondReviewFor } from './second-review.ts';
import { requireDecider } from './sight.ts';
import { isDecidable } from './transitions.ts';

/**
 * A person's decision, in one transaction with its ledger entry: lock, lease, right, transition, second person. Asked again under the same lease, it
 * answers what is on record.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN, CASE_CLAIMED, LEASE_LOST, AUTH_FORBIDDEN, REQUEST_INVALID
 */
export function recordDecision(wish: DecisionWish, writes: (found: ReviewCase) => DecisionWrites, parts: RecordParts): Promise<Recorded> {
  return parts.db.transaction(async (tx) => {
    const found = await lockCase(tx, wish.caseId);
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    const stored = await sameRequest(tx, wish);
    if (stored !== null) return { kind: 'repeated', decision: stored };
    if (!isDecidable(found.state)) throw new ImprimaturError('CASE_NOT_OPEN');
    if (wish.staff !== null) await requireDecider(tx, wish.staff, found, parts.queues);
    requireLease(found, wish);
    const step = { tx, found, wish, transition: requireTransition(found, wish), parts };
    return decideStep(step, writes);
  });
}

/** What is on record under the lease that a request names: it was sent twice. */
async function sameRequest(tx: Queryable, { lease, staff, caseId }: DecisionWish): Promise<CaseDecision | null> {
  const stored = lease === null ? null : await decisionOfLease(tx, lease.lease);
  return stored !== null && stored.by === staff?.id && stored.case_id === caseId ? stored : null;
}

/** Alone, first or second of two, to other hands, or nobody at all. */
async function decideStep(step: DecisionStep, writes: (found: ReviewCase) => DecisionWrites): Promise<Recorded> {
  const { tx, found, wish, transition, parts } = step;
  const isReplay = (await parts.replays?.isReplay(tx, found.id)) ?? false;
  // What is shown again goes every way that its original could go, so that nobody can tell; only nothing follows from it.
  const written = () => (isReplay ? NO_WRITES : writes(found));
  if (wish.staff === null) return finish(step, written(), { role: 'timer', isReplay });
  if (found.kind === 'approval') return castVote(step, found, writes(found));
  const role = found.state === 'escalated' ? 'second' : 'first';
  if (transition.ends === 'escalated') return escalate(step, wish.escalateTo ?? 'senior', role);
  // Whoever said these is excluded, so they are of other people. Handing a case on says nothing about it.
  const said = (await decisionsOfCase(tx, wish.caseId)).filter(({ undone_at, decision }) => undone_at === null && decision !== 'escalate');
  const spokeFirst = isReplay ? said[0] : undefined;
  const same = said.find((one) => isSameAs(one, wish));
  if (same !== undefined) return finish(withBlursOf(same, step), written(), { role: 'second', isReplay, spokeFirst });
  if (said.length > 0 && found.state === 'open') return escalate(step, 'senior', 'second');
  const isAlone = secondReviewFor(found, transition, wish.userAction, parts.secondReview) === null;
  return isAlone ? finish(step, written(), { role, isReplay, spokeFirst }) : waitForSecond(step, role);
}

function withBlursOf(said: CaseDecision, step: DecisionStep): DecisionStep {
  return { ...step, wish: { ...step.wish, regions: [...step.wish.regions, ...blursOf(said)] } };
}
