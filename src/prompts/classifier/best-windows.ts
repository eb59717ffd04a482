import type { PromptModel } from './prompt-model.ts';
import { type ClassMasks, classFeatures, masksOf, type TermHits } from './term-hits.ts';
import { scalesOf, windowsOf } from './windows.ts';
import type { WordSums } from './word-sums.ts';

/** What the windows of one size say about a text. */
export interface ScaleValues {
  readonly windows: number;
  /** The largest weighted sum of each head over these windows. */
  readonly values: Float64Array;
  /** First word of each head's best window, and the word behind its last. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Each size of windows by itself, smallest first, the whole text last; of a short text nothing else. */
export function windowValues(model: PromptModel, words: WordSums, hits: TermHits): ScaleValues[] {
  return scalesOf(words.words).map((size) => bestOfSize(model, { words, hits, size }));
}

interface Sized {
  readonly words: WordSums;
  readonly hits: TermHits;
  readonly size: number;
}

function bestOfSize({ header, classWeights }: PromptModel, { words, hits, size }: Sized): ScaleValues {
  const { heads, classes } = header;
  const bounds = windowsOf(words.words, size);
  const count = heads.length;
  const best: ScaleValues = {
    windows: bounds.length / 2,
    values: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
  };
  const masks: ClassMasks = { once: 0, twice: 0, cursor: 0 };
  const active: number[] = [];
  for (let at = 0; at < bounds.length; at += 2) {
    const start = bounds[at] ?? 0;
    const end = bounds[at + 1] ?? 0;
    masksOf(hits, start, end, masks);
    classFeatures(masks, classes.length, active);
    const norm = 1 / Math.sqrt(Math.max(1, (words.ends[end - 1] ?? 0) - (words.ends[start - 1] ?? 0)));
    for (let head = 0; head < count; head++) {
      const { scale, bias } = heads[head] ?? NO_HEAD;
      const sum = (words.sums[end * count + head] ?? 0) - (words.sums[start * count + head] ?? 0);
      const value = bias + sum * scale * norm + listed(classWeights, active, count, head);
      if (value <= (best.values[head] ?? 0)) continue;
      best.values[head] = value;
      best.starts[head] = start;
      best.ends[head] = end;
    }
  }
  return best;
}

const NO_HEAD = { scale: 0, bias: 0 };

function listed(classWeights: Float32Array, active: readonly number[], heads: number, head: number): number {
  let sum = 0;
  for (const feature of active) sum += classWeights[feature * heads + head] ?? 0;
  return sum;
}
