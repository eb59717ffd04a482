import type { Conductor } from './conductor.ts';
import { ImprimaturError } from './contracts/errors.ts';
import type { Analyzed, Prechecked } from './contracts/stages.ts';
import { isCleared } from './decide/decide.ts';
import { decideReview, type ReviewParts, type ReviewVerdict } from './decide/decide-review.ts';
import { type PublishParts, publish } from './publish/publish.ts';
import { findCase } from './review/case-store.ts';
import { type ReopenParts, reopen } from './review/reopen.ts';
import { decideUpload } from './uploads/decide-upload.ts';

export interface ReviewCaseParts {
  readonly review: ReviewParts;
  readonly reopen: ReopenParts;
  readonly publish: PublishParts;
  readonly conductor: Pick<Conductor, 'resume'>;
}

/**
 * What a person's decision sets in motion. A released picture leaves through `publish` like any other; a released prompt runs the rest of the
 * pipeline, whose output is judged again; about a file of a platform the platform is told.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN, EVIDENCE_UNREADABLE, PUBLISH_FAILED
 */
export async function reviewCase(verdict: ReviewVerdict, parts: ReviewCaseParts): Promise<void> {
  const found = await findCase(parts.review.db, verdict.caseId);
  if (found === null) throw new ImprimaturError('NOT_FOUND');
  if (found.stage === 'upload') return decideUpload(verdict, { ...parts.review, evidence: parts.reopen.evidence });
  const held = await reopen(found, parts.reopen);
  if (held.stage === 'prompt') await decidePrompt(held, verdict, parts);
  else await decideOutput(held, verdict, parts);
}

async function decidePrompt(held: Prechecked, verdict: ReviewVerdict, { review, conductor }: ReviewCaseParts): Promise<void> {
  const decided = await decideReview(held, verdict, review);
  if (isCleared(decided)) conductor.resume(decided);
}

async function decideOutput(held: Analyzed, verdict: ReviewVerdict, { review, publish: parts }: ReviewCaseParts): Promise<void> {
  const decided = await decideReview(held, verdict, review);
  if (isCleared(decided)) await publish(decided, parts);
}
