import { createHash } from 'node:crypto';
import type { Category } from '../../contracts/category.ts';
import { decodeModel, ModelFileRejected } from '../classifier/model-file.ts';
import { createPromptClassifier, type PromptClassifier } from '../classifier/prompt-classifier.ts';

/** A model file, checked and ready to score. */
export interface LoadedModel {
  /** Hex, over the file: what a model is known by in reports, counts and the ledger. */
  readonly sha256: string;
  readonly classifier: PromptClassifier;
}

/** As large as the bundled model may be; the database refuses more. */
const MAX_BYTES = 4_194_304;
/** Texts that every model must be able to score: none, one, and one of many windows. */
const TRIALS: readonly (readonly string[])[] = [[], ['a', 'red', 'ball'], Array.from({ length: 500 }, (_, index) => `word${index}`)];

/**
 * Reads a model file and lets it score before anybody relies on it.
 * @param allowed the categories that it may speak about, which are those that the check declares; absent: all
 * @throws ModelFileRejected when it is not whole, too large, speaks about other categories, or gives a score that is none
 */
export function loadModel(file: Uint8Array, allowed?: readonly Category[]): LoadedModel {
  if (file.length > MAX_BYTES) throw new ModelFileRejected(`${file.length} bytes, of ${MAX_BYTES} at most`);
  const classifier = createPromptClassifier(decodeModel(file));
  if (allowed !== undefined && !classifier.categories.every((category) => allowed.includes(category)))
    throw new ModelFileRejected('it speaks about categories that the shipped model does not');
  for (const words of TRIALS) {
    const scores = classifier.score(words);
    if (scores.length === 0 || !scores.every(({ score }) => score >= 0 && score <= 1))
      throw new ModelFileRejected('it gives a score that is none');
  }
  return { sha256: createHash('sha256').update(file).digest('hex'), classifier };
}
