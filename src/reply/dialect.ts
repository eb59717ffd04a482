import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome, Published, PublishedArtifactWithBytes } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import { imageEvents } from './image-events.ts';
import { echoOf, imagesAnswer, type LinkTo } from './images-answer.ts';

export type PublishedOutcome = Extract<Outcome, { kind: 'published' }>;

/**
 * How pictures are given to a caller on one surface. It decides nothing and leaves nothing out: refusals are HTTP errors or an error event, the same
 * on all of them.
 */
export interface Dialect {
  /** The body of an answer that is not streamed. */
  answer(outcome: PublishedOutcome, artifacts: readonly PublishedArtifactWithBytes[]): Buffer;
  /** Events before the first frame; sent only once there is one. */
  opening(): readonly Buffer[];
  frame(published: Published): readonly Buffer[];
  /** Events after the last frame of what was published. */
  closing(): readonly Buffer[];
}

/** The dialect of an answer to this generation, which may be an earlier one of the same intent. */
export type DialectOf = (id: GenerationId) => Dialect;

/** OpenAI's Images API. */
export function imagesDialect(submission: Submission, linkTo: LinkTo): Dialect {
  const echo = echoOf(submission);
  return {
    answer: (outcome, artifacts) => imagesAnswer(outcome, artifacts, echo, linkTo),
    opening: () => [],
    frame: (published) => imageEvents(published, submission.request.operation, echo),
    closing: () => [],
  };
}
