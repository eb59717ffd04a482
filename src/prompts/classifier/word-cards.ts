import { remembered } from '../remembered.ts';
import { pushWordFeatures, WORD_UNITS } from './features.ts';
import { lookUp } from './hash-table.ts';
import { hashText } from './hash-text.ts';
import type { PromptModel } from './prompt-model.ts';

/** What a model knows of one word, whatever stands beside it. */
export interface WordCard {
  readonly hash: number;
  /** An ordinary word of the texts that the model was trained on. */
  readonly isKnown: boolean;
  /** Features of the word by itself: its n-grams and the word as a whole. */
  readonly features: number;
  /** Their weights together, in int8 steps, for each head. */
  readonly sums: Int32Array;
}

/** The cards of a model, made when a word is first met: reading a hundred weights from a table of megabytes is most of what scoring costs. */
export function createWordCards({ header, weights, known }: PromptModel): (word: string) => WordCard {
  const heads = header.heads.length;
  const buckets = new Uint32Array(WORD_UNITS * 5);
  return remembered((word) => {
    const hash = hashText(word);
    const features = pushWordFeatures(word, hash, header.bucketBits, { buckets, from: 0 });
    const sums = new Int32Array(heads);
    for (let at = 0; at < features; at++) {
      const row = (buckets[at] ?? 0) * heads;
      for (let head = 0; head < heads; head++) sums[head] = (sums[head] ?? 0) + (weights[row + head] ?? 0);
    }
    return { hash, isKnown: lookUp(known, hash) !== 0, features, sums };
  });
}
