import type { Category } from '../../contracts/category.ts';
import { createFeatureBuffer, extractFeatures, type FeatureBuffer } from './features.ts';
import { lookUp } from './hash-table.ts';
import { hashText } from './hash-text.ts';
import type { ModelHead, PromptModel } from './prompt-model.ts';
import { createWordRepair, type ReadWord } from './repair-words.ts';
import { type ClassMasks, classFeatures, findTerms, masksOf, type TermHits } from './term-hits.ts';
import { windowsOf } from './windows.ts';

/** What one head says about one text. */
export interface HeadScore {
  readonly head: string;
  readonly category: Category;
  /** Calibrated risk from 0 to 1; see `knotsOf` for what it means. */
  readonly score: number;
  /** Weighted sum of the best window, less the penalty for many windows; for calibration and reports. */
  readonly value: number;
  /** Indexes of the canonical words that spoke loudest for it, loudest first; at most five. */
  readonly words: readonly number[];
}

/** A model that scores; not reentrant, never async. */
export interface PromptClassifier {
  readonly version: string;
  readonly categories: readonly Category[];
  /** One entry for each head. `words` are canonical words; an empty text scores the lowest. */
  score(words: readonly string[]): HeadScore[];
  /** True for a text of mostly unknown words: another language than those of the training texts, or none. */
  isForeign(words: readonly string[]): boolean;
}

const LEAST_KNOWN_SHARE = 0.62;

const MAX_LOUD_WORDS = 5;
/** Scores below this never name words. */
const WORTH_EXPLAINING = 0.2;
/** Buffers for longer texts are not kept. */
const LONG_TEXT_WORDS = 8_192;

/** A scorer over a trained model. Building it takes some milliseconds, scoring 125 characters some microseconds. */
export function createPromptClassifier(model: PromptModel): PromptClassifier {
  const { heads } = model.header;
  const repair = createWordRepair(model.known, model.repairable);
  const kept = createFeatureBuffer();
  return {
    version: model.header.version,
    categories: [...new Set(heads.map(({ category }) => category))],
    isForeign: (words) => isForeign(model, words),
    score(words) {
      const read = repair(words);
      const features = read.length > LONG_TEXT_WORDS ? createFeatureBuffer() : kept;
      extractFeatures(
        read.map(({ text }) => text),
        model.header.bucketBits,
        features,
      );
      const sums = wordSums(model, features);
      const hits = findTerms(features, model.terms);
      const best = bestWindows(model, features, sums, hits);
      const foreign = isForeign(model, words);
      return heads.map((head, index) => toScore({ head, index, heads: heads.length, foreign, best, sums, features, hits, read }));
    },
  };
}

/** Counted before any repair: short words of another language are one slip away from many an English one. */
function isForeign({ known }: PromptModel, words: readonly string[]): boolean {
  let found = 0;
  for (const word of words) if (lookUp(known, hashText(word)) !== 0) found += 1;
  return found < words.length * LEAST_KNOWN_SHARE;
}

/** `sums[(i + 1) * heads + h]`: the weights of words 0 to i for head h, in int8 steps. */
function wordSums({ header, weights }: PromptModel, { buckets, ends, words }: FeatureBuffer): Int32Array {
  const heads = header.heads.length;
  const sums = new Int32Array((words + 1) * heads);
  for (let word = 0, at = 0; word < words; word++) {
    const base = word * heads;
    const next = base + heads;
    for (let head = 0; head < heads; head++) sums[next + head] = sums[base + head] ?? 0;
    for (const end = ends[word] ?? 0; at < end; at++) {
      const row = (buckets[at] ?? 0) * heads;
      for (let head = 0; head < heads; head++) sums[next + head] = (sums[next + head] ?? 0) + (weights[row + head] ?? 0);
    }
  }
  return sums;
}

interface Best {
  readonly values: Float64Array;
  /** First word of each head's best window. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly windows: number;
}

function bestWindows({ header, classWeights }: PromptModel, features: FeatureBuffer, sums: Int32Array, hits: TermHits): Best {
  const { heads, classes } = header;
  const bounds = windowsOf(features.words);
  const count = heads.length;
  const best: Best = {
    values: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    windows: bounds.length / 2,
  };
  const masks: ClassMasks = { once: 0, twice: 0, cursor: 0 };
  const active: number[] = [];
  for (let at = 0; at < bounds.length; at += 2) {
    const [start = 0, end = 0] = [bounds[at], bounds[at + 1]];
    masksOf(hits, start, end, masks);
    classFeatures(masks, classes.length, active);
    const norm = 1 / Math.sqrt(Math.max(1, (features.ends[end - 1] ?? 0) - (features.ends[start - 1] ?? 0)));
    heads.forEach(({ scale, bias }, head) => {
      const sum = (sums[end * count + head] ?? 0) - (sums[start * count + head] ?? 0);
      const value = bias + sum * scale * norm + listed(classWeights, active, count, head);
      if (value <= (best.values[head] ?? 0)) return;
      best.values[head] = value;
      best.starts[head] = start;
      best.ends[head] = end;
    });
  }
  return best;
}

function listed(classWeights: Float32Array, active: readonly number[], heads: number, head: number): number {
  let sum = 0;
  for (const feature of active) sum += classWeights[feature * heads + head] ?? 0;
  return sum;
}

interface Scoring {
  readonly head: ModelHead;
  readonly index: number;
  readonly heads: number;
  readonly foreign: boolean;
  readonly best: Best;
  readonly sums: Int32Array;
  readonly features: FeatureBuffer;
  readonly hits: TermHits;
  readonly read: readonly ReadWord[];
}

function toScore(scoring: Scoring): HeadScore {
  const { head, index, foreign, best } = scoring;
  const penalty = head.windowPenalty * Math.log2(best.windows) + (foreign ? head.foreignPenalty : 0);
  const value = (best.values[index] ?? 0) - penalty;
  const score = calibrated(head.knots, value);
  return { head: head.name, category: head.category, score, value, words: score < WORTH_EXPLAINING ? [] : loudWords(scoring) };
}

/** Straight between knots, level outside. */
export function calibrated(knots: ModelHead['knots'], value: number): number {
  let before = knots[0];
  if (before === undefined || value <= before[0]) return before?.[1] ?? 0;
  for (const knot of knots) {
    if (value < knot[0]) return before[1] + ((knot[1] - before[1]) * (value - before[0])) / (knot[0] - before[0]);
    before = knot;
  }
  return before[1];
}

/** The words of the best window with the largest part in its value; words of the term lists go first. */
function loudWords({ index, heads, best, sums, hits, read }: Scoring): number[] {
  const [start = 0, end = 0] = [best.starts[index], best.ends[index]];
  const listed = new Set(hits.words);
  const loud: { readonly word: number; readonly part: number }[] = [];
  for (let word = start; word < end; word++) {
    const part = (sums[(word + 1) * heads + index] ?? 0) - (sums[word * heads + index] ?? 0);
    if (part > 0) loud.push({ word, part: listed.has(word) ? part * 2 : part });
  }
  loud.sort((a, b) => b.part - a.part);
  return [...new Set(loud.slice(0, MAX_LOUD_WORDS).map(({ word }) => read[word]?.first ?? 0))];
}
