import type { PolicyRef } from '../../contracts/decision.ts';
import { formatPolicyRef } from '../../policy/policy-ref.ts';
import type { ReviewCase } from '../case-store.ts';
import { hasKnownUser } from '../check-wish.ts';
import { correctionsOf, waitingCorrections } from '../correct-decision.ts';
import { type CaseDecision, USER_ACTIONS, type UserAction } from '../decision-store.ts';
import { reasonsFor } from '../reasons.ts';
import { type SecondReviewRule, secondReviewFor } from '../second-review.ts';
import type { Staff } from '../sight.ts';
import { isDecidable, transitionsOf } from '../transitions.ts';
import type { Why } from './account-of.ts';

/** While a second person is to speak, what the first said is nobody's to read but their own. Why it was handed on is for those to whom it was. */
export function readableDecisions(found: ReviewCase, decisions: readonly CaseDecision[], staff: Staff): readonly CaseDecision[] {
  const isMine = ({ by }: CaseDecision) => by === staff.id;
  if (isDecidable(found.state)) {
    const isHandedOn = ({ decision }: CaseDecision) => decision === 'escalate' && found.state === 'escalated';
    return decisions.filter((one) => isMine(one) || isHandedOn(one));
  }
  const waiting = waitingCorrections(decisions);
  return decisions.filter((one) => isMine(one) || !waiting.includes(one));
}

/** As answers tell a decision. */
export function shownDecision(made: CaseDecision) {
  const { id, seq, decision, policy, reasons, note, regions, by, role, user_action, user_action_days, escalate_to } = made;
  return {
    id,
    seq,
    decision,
    policy,
    reasons,
    note,
    regions: regions ?? [],
    user_action,
    user_action_days,
    escalate_to,
    by,
    role,
    decided_at: made.decided_at.toISOString(),
    effective_at: made.effective_at.toISOString(),
    undone_at: made.undone_at?.toISOString() ?? null,
    effect: made.effect,
  };
}

/** Which decisions there are, what each needs, and the codes to give. */
export function policyPart(found: ReviewCase, ref: PolicyRef, why: readonly Why[], rules?: readonly SecondReviewRule[]) {
  const excerpt = [...new Map(why.map(({ rule, description }) => [rule, description])).entries()]
    .map(([rule, text]) => text ?? rule)
    .join('\n');
  return {
    ref: formatPolicyRef(ref),
    excerpt,
    decisions: transitionsOf(found).map((transition) => ({
      name: transition.name,
      about: transition.about,
      needs_reason: transition.needsReason,
      needs_policy: transition.needsPolicy,
      needs_note: transition.needsNote,
      is_final: transition.isFinal,
      second_review: secondReviewFor(found, transition, null, rules) !== null,
    })),
    corrections: correctionsOf(found).map(({ name }) => name),
    user_actions: userActionsOf(found),
    reasons: reasonsFor(found.categories),
  };
}

/** Whether two people have to speak, and why. That one has spoken is told; what, is not. */
export function secondReviewPart(found: ReviewCase, decisions: readonly CaseDecision[], rules?: readonly SecondReviewRule[]) {
  const why = transitionsOf(found)
    .map((transition) => secondReviewFor(found, transition, null, rules))
    .find((one) => one !== null);
  if (why === undefined) return null;
  const isSaid = isDecidable(found.state) && decisions.some((one) => one.decision !== 'escalate' && one.undone_at === null);
  const isWaiting = isSaid || (!isDecidable(found.state) && waitingCorrections(decisions).length > 0);
  return { needed: true, why, waiting_for: isWaiting ? 'second' : 'first' };
}

/** What can be done about the person who asked, or why nothing can: no decision here acts on anybody, or no platform vouched for who asked. */
function userActionsOf(found: ReviewCase) {
  const names: readonly UserAction[] = USER_ACTIONS;
  if (!transitionsOf(found).some(({ name }) => name === 'block')) return { names: [], unavailable: 'not_here' };
  return hasKnownUser(found) ? { names, unavailable: null } : { names: [], unavailable: 'no_known_user' };
}
