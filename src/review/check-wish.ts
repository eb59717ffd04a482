import { ImprimaturError } from '../contracts/errors.ts';
import type { ReviewCase } from './case-store.ts';
import type { DecisionWish } from './decision-wish.ts';
import { type Transition, transitionsOf } from './transitions.ts';

/** @throws ImprimaturError CASE_CLAIMED when somebody else works on it, LEASE_LOST when the lease that is named is not the one that runs */
export function requireLease({ lease, fence }: ReviewCase, { lease: said, staff }: DecisionWish): void {
  if (staff === null) return;
  if (said === null) {
    if (lease !== null && lease.holder !== staff.id) throw new ImprimaturError('CASE_CLAIMED');
    return;
  }
  if (lease === null || lease.id !== said.lease || fence !== said.fence || lease.holder !== staff.id)
    throw new ImprimaturError('LEASE_LOST');
}

/** What may be decided here, asked for completely. @throws ImprimaturError REQUEST_INVALID */
export function requireTransition(found: ReviewCase, wish: DecisionWish): Transition {
  const transition = transitionsOf(found).find(({ name }) => name === wish.decision);
  const refuse = (param: string, hint: string) => new ImprimaturError('REQUEST_INVALID', { param, hint });
  if (transition === undefined) throw refuse('decision', `"${wish.decision}" cannot be decided on this case.`);
  // A script has said what it wanted; a form can be asked to be complete.
  const isForm = wish.lease !== null;
  if (isForm && transition.needsReason && wish.reasons.length === 0) throw refuse('reasons', 'Give at least one reason.');
  if (isForm && transition.needsPolicy && wish.policy === null)
    throw refuse('policy', 'Say which policy was applied, or which part of it.');
  if (isForm && transition.needsNote && wish.note === null) throw refuse('note', 'Write a note.');
  if (isForm && wish.userAction !== null && wish.note === null) throw refuse('note', 'An action on a person needs a note.');
  if (transition.name === 'edit' && wish.regions.length === 0) throw refuse('regions', 'Name the regions to blur or crop.');
  requireUserAction(found, wish);
  return transition;
}

/** These have an end; a ban lasts until somebody lifts it, and a word of warning does not last. */
const WITH_END: readonly (string | null)[] = ['limit', 'suspend'];

/** Whether such an action on a person can follow from this decision. @throws ImprimaturError REQUEST_INVALID */
export function requireUserAction(found: ReviewCase, { decision, userAction, userActionDays }: DecisionWish): void {
  const refuse = (param: string, hint: string) => new ImprimaturError('REQUEST_INVALID', { param, hint });
  if (userActionDays !== null && !WITH_END.includes(userAction)) {
    throw refuse('user_action_days', 'Only limit and suspend have an end.');
  }
  if (userAction === null) return;
  if (decision !== 'block') throw refuse('user_action', 'Only a block can act on a person.');
  if (hasKnownUser(found)) return;
  throw refuse(
    'user_action',
    'Nobody knows who asked: the platform sent no signed claim of an end user. Decide without an action on a person.',
  );
}

/** Whether there is somebody to act on. A campaign names its members itself. */
export function hasKnownUser({ kind, userDigest }: Pick<ReviewCase, 'kind' | 'userDigest'>): boolean {
  return userDigest !== null || kind === 'campaign';
}
