import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId } from '../contracts/ids.ts';
import { submissionOf } from '../contracts/stages.ts';
import { askedForCare } from '../decide/asked-for-care.ts';
import { type DecideReviewParts, type Reviewed, reviewWrites } from '../decide/decide-review.ts';
import { openSubmission } from '../generations/open-submission.ts';
import { askedForLabel, findCase, type GenerationCase, type ReviewCase } from '../review/case-store.ts';
import { recordCorrection } from '../review/correct-decision.ts';
import { claimEffects, decisionsOfCase } from '../review/decision-store.ts';
import type { DecisionWish, DecisionWrites, Recorded, RecordParts } from '../review/decision-wish.ts';
import { recordDecision } from '../review/record-decision.ts';
import { reopen } from '../review/reopen.ts';
import { isDecidable, TRANSITIONS } from '../review/transitions.ts';
import { uploadWrites } from '../uploads/decide-upload.ts';
import { type StoredUpload, uploadOfCase } from '../uploads/upload-store.ts';
import { type SettleParts, settleDecision } from './settle-decision.ts';

export interface ReviewCaseParts extends RecordParts, SettleParts {
  readonly review: DecideReviewParts;
  readonly journal: SettleParts['journal'];
  readonly db: SettleParts['db'];
}

/**
 * What a person's decision sets in motion: it is recorded at once, and takes effect when it can no longer be taken back; without a time for that, before
 * this resolves. A release whose publication failed may be asked again.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN, CASE_CLAIMED, LEASE_LOST, AUTH_FORBIDDEN, REQUEST_INVALID, EVIDENCE_UNREADABLE, PUBLISH_FAILED
 */
export async function reviewCase(wish: DecisionWish, parts: ReviewCaseParts): Promise<Recorded> {
  const found = await findCase(parts.db, wish.caseId);
  if (found === null) throw new ImprimaturError('NOT_FOUND');
  if (isLettingOut(wish) && found.state === 'released' && wish.lease === null) return settleAgain(wish.caseId, parts);
  const prepared = await prepare(found, wish, parts);
  const recorded = await recordDecision(
    wish,
    (locked) => writesFor(locked, wish, { ...prepared, isNow: wish.undoSeconds === 0 && wish.userAction === null }, parts),
    { ...parts, settlesAs: parts.review.instanceId },
  );
  return settled(recorded, parts);
}

const isLettingOut = ({ decision }: DecisionWish) => TRANSITIONS.some(({ name, letsOut }) => name === decision && letsOut);

/** What has to be known before anybody decides. */
interface Prepared {
  readonly reviewed: Reviewed;
  readonly upload: StoredUpload | null;
}

/** What would be let out is opened before anybody decides: of evidence that is gone nobody knows what it is. */
async function prepare(found: ReviewCase, wish: DecisionWish, parts: ReviewCaseParts): Promise<Prepared> {
  if (found.kind === 'upload') {
    const upload = await uploadOfCase(parts.db, found.id);
    if (upload === null) throw new ImprimaturError('NOT_FOUND');
    return { reviewed: NOTHING, upload };
  }
  const isAsked = found.kind === 'generation' && isLettingOut(wish) && isDecidable(found.state);
  if (!isAsked || (await parts.replays?.isReplay(parts.db, found.id))) return { reviewed: NOTHING, upload: null };
  const [held, isLabelAsked, isCareAsked] = await Promise.all([
    reopen(found, parts.reopen),
    askedForLabel(parts.db, found.id),
    found.stage === 'prompt' && askedForCare(parts.db, found.generationId),
  ]);
  return { reviewed: { submission: submissionOf(held), findings: held.findings, isLabelAsked, isCareAsked }, upload: null };
}

const NOTHING: Reviewed = { submission: null, findings: [], isLabelAsked: false, isCareAsked: false };

/**
 * A decision that took effect was wrong. What was let out is taken down; what was blocked leaves as anything released does. Where two people have to say so,
 * nothing happens before the second does; of a replay nothing follows.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN, REQUEST_INVALID, AUTH_FORBIDDEN, SECOND_PERSON_NEEDED, EVIDENCE_UNREADABLE, PUBLISH_FAILED
 */
export async function correctCase(wish: DecisionWish, parts: ReviewCaseParts): Promise<Recorded> {
  const found = await findCase(parts.db, wish.caseId);
  if (found === null) throw new ImprimaturError('NOT_FOUND');
  const prepared = await prepareCorrection(found, wish, parts);
  const recorded = await recordCorrection(wish, (locked) => writesFor(locked, wish, { ...prepared, isNow: false }, parts), {
    ...parts,
    settlesAs: parts.review.instanceId,
  });
  return settled(recorded, parts);
}

/** What was written as ours to make happen has happened when this resolves. */
async function settled(recorded: Recorded, parts: ReviewCaseParts): Promise<Recorded> {
  const { effect, effect_attempts: attempts } = recorded.decision;
  if (recorded.kind === 'decided' && effect === 'pending' && attempts > 0) await settleDecision(recorded.decision, parts);
  return recorded;
}

async function prepareCorrection(found: ReviewCase, wish: DecisionWish, parts: ReviewCaseParts): Promise<Prepared> {
  if (await parts.replays?.isReplay(parts.db, found.id)) return { reviewed: NOTHING, upload: null };
  const isReopened = found.kind === 'generation' && isLettingOut(wish) && found.state === 'blocked';
  return isReopened ? prepareAgain(found, wish, parts) : prepare(found, wish, parts);
}

async function prepareAgain(found: GenerationCase, wish: DecisionWish, parts: ReviewCaseParts): Promise<Prepared> {
  const generation = await parts.reopen.store.find(found.generationId);
  if (generation === null) throw new ImprimaturError('NOT_FOUND');
  if (generation.state === 'published' && wish.decision !== 'release') {
    const hint = 'The pictures had left as they were: they can be released again, not changed.';
    throw new ImprimaturError('REQUEST_INVALID', { param: 'decision', hint });
  }
  const [submission, isLabelAsked, isCareAsked] = await Promise.all([
    openSubmission(generation, parts.reopen.evidence),
    askedForLabel(parts.db, found.id),
    found.stage === 'prompt' && askedForCare(parts.db, found.generationId),
  ]);
  return { reviewed: { submission, findings: [], isLabelAsked, isCareAsked }, upload: null };
}

function writesFor(
  found: ReviewCase,
  wish: DecisionWish,
  { reviewed, upload, isNow }: Prepared & { readonly isNow: boolean },
  parts: ReviewCaseParts,
): DecisionWrites {
  if (found.kind === 'generation') return reviewWrites(found, { wish, reviewed, isNow }, parts.review);
  if (upload !== null) return uploadWrites(upload, wish);
  return { rows: () => ({}), entry: { kind: 'case.decided', about: found.kind }, decision: null, isDone: false };
}

/** The same release asked again, because its publication failed. */
async function settleAgain(caseId: CaseId, parts: ReviewCaseParts): Promise<Recorded> {
  const last = (await decisionsOfCase(parts.db, caseId)).findLast(({ effect }) => effect === 'pending');
  // None when another process is just doing it, or it is not time yet.
  const [claimed] = last === undefined ? [] : await claimEffects(parts.db, { owner: parts.review.instanceId, limit: 1, only: last.id });
  if (claimed === undefined) throw new ImprimaturError('CASE_NOT_OPEN');
  await settleDecision(claimed, parts);
  return { kind: 'repeated', decision: claimed };
}
