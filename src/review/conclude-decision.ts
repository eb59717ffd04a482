import { ImprimaturError } from '../contracts/errors.ts';
import type { RowsWithLeaves } from '../ledger/journal.ts';
import { vote } from './approvals.ts';
import { closeCase, keepHeldAnswer, type OtherCase } from './case-store.ts';
import { addDecision, type CaseDecision, type DecisionRole } from './decision-store.ts';
import type { DecisionStep, DecisionWish, DecisionWrites, Recorded } from './decision-wish.ts';
import { endLeases } from './leases.ts';
import { escalationQueue } from './queues.ts';

interface Ending {
  readonly role: DecisionRole;
  /** Shown again to learn how well people decide: nothing follows. */
  readonly isReplay: boolean;
  /** Of a replay, the first of several people who spoke: theirs is the answer that is compared, since whoever comes later decides about the two. */
  readonly spokeFirst?: CaseDecision | undefined;
}

function rowOf({ wish, found }: DecisionStep, role: DecisionRole) {
  const { caseId, decision, policy, reasons, note, regions, userAction, userActionDays, escalateTo } = wish;
  const by = wish.staff?.id ?? 'timer';
  return {
    caseId,
    decision,
    policy,
    reasons,
    note,
    regions,
    userAction,
    userActionDays,
    escalateTo,
    by,
    role,
    leaseId: wish.lease?.lease ?? null,
    batch: wish.batch,
    fromState: found.state,
  };
}

const spoken = ({ staff }: DecisionWish) => (staff === null ? 'timer' : `operator:${staff.id}`);

/** Somebody has spoken, and another one has to say the same. What they said is not told, in the ledger neither, until that one has. */
export async function waitForSecond(step: DecisionStep, role: DecisionRole): Promise<Recorded> {
  const { tx, wish, parts } = step;
  const decision = await addDecision(tx, { ...rowOf(step, role), decisionId: null, effect: 'none', undoSeconds: 0, settledBy: null });
  await giveUp(step, 'state = state', []);
  await parts.journal.recordIn(tx, {}, [{ kind: 'case.reviewed', case: wish.caseId, role, by: spoken(wish) }]);
  return { kind: 'waits', decision };
}

/** To other hands: because somebody said so, or since two people disagreed. A restricted case stays where only cleared staff see it. */
export async function escalate(step: DecisionStep, to: string, role: DecisionRole): Promise<Recorded> {
  const { tx, wish, found, parts } = step;
  const queue = escalationQueue(to, parts.queues);
  if (queue === undefined) throw new ImprimaturError('REQUEST_INVALID', { param: 'escalate_to', hint: `Nobody takes "${to}".` });
  const decision = await addDecision(tx, {
    ...rowOf(step, role),
    escalateTo: to,
    decisionId: null,
    effect: 'none',
    undoSeconds: 0,
    settledBy: null,
  });
  await giveUp(step, "state = 'escalated', queue = case when restricted then queue else $3 end", [queue.id]);
  await parts.journal.recordIn(tx, {}, [
    {
      kind: 'case.escalated',
      case: found.id,
      to: queue.id,
      by: spoken(wish),
      reason: role === 'second' && wish.decision !== 'escalate' ? 'disagreement' : 'asked',
    },
  ]);
  return { kind: 'waits', decision };
}

/** Whoever spoke has no say in it any more, and the case is free for others. */
async function giveUp({ tx, wish, found }: DecisionStep, change: string, more: readonly unknown[]): Promise<void> {
  await tx.query({
    text: `update cases set ${change}, lease_id = null, lease_holder = null, lease_until = null,
             excluded = case when $2 = any (excluded) then excluded else excluded || $2::text end where id = $1`,
    values: [found.id, wish.staff?.id ?? 'timer', ...more],
  });
  await endLeases(tx, found.id, 'decided');
}

/** One board has spoken. The last one that approves, or the first that does not, ends it. */
export async function castVote(step: DecisionStep, found: OtherCase, writes: DecisionWrites): Promise<Recorded> {
  const { tx, wish, transition, parts } = step;
  if (wish.staff === null) throw new ImprimaturError('CASE_NOT_OPEN');
  const approves = transition.name === 'approve';
  const { board, isUnanimous } = await vote(tx, found, { staff: wish.staff, approves, note: wish.note });
  if (isUnanimous || !approves) return finish(step, writes, { role: 'first', isReplay: false });
  const decision = await addDecision(tx, { ...rowOf(step, 'first'), decisionId: null, effect: 'none', undoSeconds: 0, settledBy: null });
  await giveUp(step, "state = 'open'", []);
  await parts.journal.recordIn(tx, {}, [{ kind: 'approval.given', case: found.id, board, by: spoken(wish) }]);
  return { kind: 'waits', decision };
}

/** Lots are drawn for an ordinary case; of one that is shown again, the answer is compared with the first. */
async function compare(
  { tx, found, wish, parts }: DecisionStep,
  { by: staff, decision, policy, reasons }: CaseDecision,
  at: Date,
): Promise<void> {
  if (wish.staff !== null) await parts.replays?.settle(tx, { caseId: found.id, staff, decision, policy, reasons, at });
}

/** The case ends with this decision; what follows from it happens when it can no longer be taken back. */
export async function finish(
  step: DecisionStep,
  { rows, entry, decision, isDone }: DecisionWrites,
  { role, isReplay, spokeFirst }: Ending,
): Promise<Recorded> {
  const { tx, wish, found, transition, parts } = step;
  const ends = transition.ends === 'votes' ? 'released' : transition.ends;
  if (ends !== 'released' && ends !== 'blocked' && ends !== 'closed') throw new ImprimaturError('INTERNAL', { detail: `no end: ${ends}` });
  const undoSeconds = transition.isFinal ? 0 : wish.undoSeconds;
  let leaf: string | null = null;
  const withLeaf: RowsWithLeaves = (leaves) => {
    leaf = leaves[0] ?? null;
    return rows(leaves);
  };
  if (found.kind === 'generation' && !isReplay) await keepHeldAnswer(tx, found.id);
  const told = { ...entry, case: found.id, decided: wish.decision, role, reasons: [...wish.reasons], by: spoken(wish) };
  const more = {
    ...(wish.userAction === null ? {} : { user_action: wish.userAction }),
    ...(undoSeconds === 0 ? {} : { undo_seconds: undoSeconds }),
  };
  await parts.journal.recordIn(tx, withLeaf, [{ ...told, ...more }]);
  const isSettled = isDone && undoSeconds === 0;
  const made = await addDecision(tx, {
    ...rowOf(step, role),
    decisionId: decision?.id ?? null,
    effect: isSettled ? 'done' : 'pending',
    undoSeconds,
    settledBy: parts.settlesAs ?? null,
  });
  await compare(step, spokeFirst ?? made, made.decided_at);
  await endLeases(tx, found.id, 'decided');
  // Before the end of the case is written, so that nobody is told of it while it can be taken back.
  await tx.query({
    name: 'decision-settles',
    text: `with leaf as (update case_decisions set ledger_leaf = $3 where id = $2)
           update cases set settles_at = case when $4 then null::timestamptz else $5::timestamptz end where id = $1`,
    values: [found.id, made.id, leaf, isSettled, made.effective_at],
  });
  await closeCase(tx, { id: found.id, state: ends, by: wish.staff?.id ?? 'timer' }, parts.closed);
  return { kind: 'decided', decision: { ...made, ledger_leaf: leaf } };
}
