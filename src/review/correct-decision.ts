import { samePersonAs } from '../access/same-person.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Queryable } from '../storage/database.ts';
import { lockCase, type ReviewCase } from './case-store.ts';
import { requireTransition } from './check-wish.ts';
import { addDecision, type CaseDecision, decisionsOfCase, type NewCaseDecision } from './decision-store.ts';
import { type DecisionWish, type DecisionWrites, NO_WRITES, type Recorded, type RecordParts } from './decision-wish.ts';
import { blursOf, isSameAs, secondReviewFor } from './second-review.ts';
import { requireDecider, requireRole, type Staff } from './sight.ts';
import { transitionsOf } from './transitions.ts';

/**
 * A decision that took effect was wrong: the right one is recorded beside it, and what follows from it happens. The first stays as it was made. Where two people
 * have to decide, two have to correct, neither of whom decided it: the word of the first waits, told to nobody, and changes nothing.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN when nothing was decided, or it may still be taken back or is just happening, REQUEST_INVALID, AUTH_FORBIDDEN, SECOND_PERSON_NEEDED
 */
export function recordCorrection(wish: DecisionWish, writes: (found: ReviewCase) => DecisionWrites, parts: RecordParts): Promise<Recorded> {
  return parts.db.transaction(async (tx) => {
    const found = await lockCase(tx, wish.caseId);
    if (found === null || wish.staff === null) throw new ImprimaturError('NOT_FOUND');
    const said = (await decisionsOfCase(tx, found.id)).filter(({ undone_at }) => undone_at === null);
    const waiting = waitingCorrections(said);
    const last = said[said.length - waiting.length - 1];
    if (last === undefined || !isOver(last)) throw new ImprimaturError('CASE_NOT_OPEN');
    // Of an appeal not by whoever made what was appealed.
    if (found.kind === 'appeal') await requireDecider(tx, wish.staff, found, parts.queues);
    else requireRole(wish.staff, found, parts.queues);
    const ends = requireCorrection(found, wish, last);
    const step: Correcting = { tx, found, wish, staff: wish.staff, last, ends, parts };
    const isAlone = secondReviewFor(found, { name: wish.decision }, wish.userAction, parts.secondReview) === null;
    if (isAlone) return correct(step, writes);
    await requireUnheard(step, said);
    const same = waiting.find((one) => isSameAs(one, wish));
    if (same === undefined) return wait(step);
    return correct({ ...step, wish: { ...wish, regions: [...wish.regions, ...blursOf(same)] } }, writes);
  });
}

/** Corrections of one person that wait for another: they stand after the decision that counts. */
export function waitingCorrections(decisions: readonly CaseDecision[]): readonly CaseDecision[] {
  const isWaiting = ({ role, effect }: CaseDecision) => role === 'correction' && effect === 'none';
  return decisions.slice(decisions.findLastIndex((one) => one.undone_at === null && !isWaiting(one)) + 1).filter(isWaiting);
}

/** What may be said in a correction of a case that ended as it did. */
export function correctionsOf(found: ReviewCase) {
  if ((found.state !== 'released' && found.state !== 'blocked') || found.kind === 'approval') return [];
  if (found.kind === 'appeal' && found.state === 'released') return [];
  return transitionsOf(found).filter(({ ends }) => (ends === 'released' || ends === 'blocked') && ends !== found.state);
}

interface Correcting {
  readonly tx: Queryable;
  /** Locked. */
  readonly found: ReviewCase;
  readonly wish: DecisionWish;
  readonly staff: Staff;
  /** What counts until now. */
  readonly last: CaseDecision;
  readonly ends: 'released' | 'blocked';
  readonly parts: RecordParts;
}

/** Whoever spoke on the case has no say in a correction that needs two people; handing it on said nothing. */
async function requireUnheard({ tx, staff }: Correcting, said: readonly CaseDecision[]): Promise<void> {
  const names = await samePersonAs(tx, staff.id);
  if (said.some(({ by, decision }) => decision !== 'escalate' && names.includes(by)))
    throw new ImprimaturError('SECOND_PERSON_NEEDED', { hint: 'You have spoken on this case: two others have to correct it.' });
}

function rowOf({ wish, staff, found }: Correcting) {
  return { ...wish, by: staff.id, role: 'correction', leaseId: null, batch: null, fromState: found.state, undoSeconds: 0 } as const;
}

async function wait(step: Correcting): Promise<Recorded> {
  const { tx, found, staff, parts } = step;
  const decision = await addDecision(tx, { ...rowOf(step), decisionId: null, effect: 'none', settledBy: null });
  // Should the case open again, they have spoken.
  await tx.query({
    text: 'update cases set excluded = case when $2 = any (excluded) then excluded else excluded || $2::text end where id = $1',
    values: [found.id, staff.id],
  });
  await parts.journal.recordIn(tx, {}, [{ kind: 'case.reviewed', case: found.id, role: 'correction', by: `operator:${staff.id}` }]);
  return { kind: 'waits', decision };
}

async function correct(step: Correcting, writes: (found: ReviewCase) => DecisionWrites): Promise<Recorded> {
  const { tx, found, wish, staff, last, ends, parts } = step;
  if (last.effect === 'pending' && !(await giveUp(tx, last))) throw new ImprimaturError('CASE_NOT_OPEN');
  const isReplay = (await parts.replays?.isReplay(tx, found.id)) ?? false;
  const { rows, entry, decision } = isReplay ? NO_WRITES : writes(found);
  const told = { ...entry, case: found.id, decided: wish.decision, role: 'correction', corrects: last.id, reasons: [...wish.reasons] };
  const action = wish.userAction === null ? {} : { user_action: wish.userAction };
  await parts.journal.recordIn(tx, rows, [{ ...told, ...action, by: `operator:${staff.id}` }]);
  const effect: NewCaseDecision['effect'] = isReplay ? 'done' : 'pending';
  const made = await addDecision(tx, { ...rowOf(step), decisionId: decision?.id ?? null, effect, settledBy: parts.settlesAs ?? null });
  // When it was closed, and by whom, stays.
  await tx.query({ text: 'update cases set state = $2 where id = $1', values: [found.id, ends] });
  return { kind: 'decided', decision: made };
}

/** Done, or due for a while and failing. */
function isOver({ effect, effect_attempts: attempts }: CaseDecision): boolean {
  return effect === 'done' || (effect === 'pending' && attempts > 0);
}

/** What cannot happen must not happen later against what is decided now. @returns false while it is just happening */
async function giveUp(tx: Queryable, { id }: CaseDecision): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `update case_decisions set effect = 'undone', undone_at = clock_timestamp() where id = $1 and effect = 'pending' and effect_attempts > 0
             and effective_at <= clock_timestamp() and (effect_owner is null or effect_until <= clock_timestamp())`,
    values: [id],
  });
  return rowCount === 1;
}

/** The other end, with a note. @throws ImprimaturError CASE_NOT_OPEN, REQUEST_INVALID */
function requireCorrection(found: ReviewCase, wish: DecisionWish, last: CaseDecision): 'released' | 'blocked' {
  const { decision, note } = wish;
  const refuse = (param: string, hint: string) => new ImprimaturError('REQUEST_INVALID', { param, hint });
  if (found.state !== 'released' && found.state !== 'blocked') throw new ImprimaturError('CASE_NOT_OPEN');
  if (found.kind === 'approval') {
    throw refuse(
      'decision',
      'What boards voted is not corrected. Ask them anew: activate another policy, end the exception, or turn the gate.',
    );
  }
  const { ends } = requireTransition(found, wish);
  if (ends !== 'released' && ends !== 'blocked') throw refuse('decision', `"${decision}" cannot be decided on this case.`);
  if (ends === found.state) throw refuse('decision', `It is ${found.state} already.`);
  if (found.kind === 'appeal' && ends === 'blocked' && last.effect === 'done') {
    throw refuse(
      'decision',
      'Whoever appealed was told that they are right, and stays so. A picture that may not be shown is taken down: POST /v1/takedowns.',
    );
  }
  if (note === null) throw refuse('note', 'Say what was wrong.');
  return ends;
}
