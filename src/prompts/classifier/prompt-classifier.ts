import type { Category } from '../../contracts/category.ts';
import { type ScaleValues, windowValues } from './best-windows.ts';
import type { ModelHead, PromptModel } from './prompt-model.ts';
import { createWordRepair, type ReadWord } from './repair-words.ts';
import { findTerms, type TermHits } from './term-hits.ts';
import { createWordCards, type WordCard } from './word-cards.ts';
import { createWordSums } from './word-sums.ts';

/** What one head says about one text. */
export interface HeadScore {
  readonly head: string;
  readonly category: Category;
  /** Calibrated risk from 0 to 1; see `knotsOf` for what it means. */
  readonly score: number;
  /** Weighted sum of the best window, less the penalty for many windows; for reports. */
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

/** One that also tells what calibration needs. */
interface MeasurableClassifier extends PromptClassifier {
  /** What the windows of each size say, before any penalty. */
  windowValues(words: readonly string[]): readonly ScaleValues[];
}

const LEAST_KNOWN_SHARE = 0.62;

const MAX_LOUD_WORDS = 5;
/** Scores below this never name words. */
const WORTH_EXPLAINING = 0.2;

/** A scorer over a trained model. Building it takes some milliseconds, scoring 125 characters some microseconds. */
export function createPromptClassifier(model: PromptModel): MeasurableClassifier {
  const { heads } = model.header;
  const repair = createWordRepair(model.known, model.repairable);
  const cardOf = createWordCards(model);
  const sumsOf = createWordSums(model);

  /** Counted before any repair: short words of another language are one slip away from many an English one. */
  const isForeign = (cards: readonly WordCard[]) => {
    let known = 0;
    for (const card of cards) if (card.isKnown) known += 1;
    return known < cards.length * LEAST_KNOWN_SHARE;
  };
  const scored = (words: readonly string[]): Scored => {
    const cards = words.map(cardOf);
    const read = repair(words, (at) => cards[at]?.isKnown === true);
    const sums = sumsOf(read.map(({ text, first }) => (text === words[first] ? (cards[first] ?? cardOf(text)) : cardOf(text))));
    const hits = findTerms(sums, model.terms);
    return { scales: windowValues(model, sums, hits), foreign: isForeign(cards), sums: sums.sums, hits, read };
  };

  return {
    version: model.header.version,
    categories: [...new Set(heads.map(({ category }) => category))],
    isForeign: (words) => isForeign(words.map(cardOf)),
    score: (words) => {
      const text = scored(words);
      return heads.map((head, index) => toScore(head, index, heads.length, text));
    },
    windowValues: (words) => scored(words).scales,
  };
}

/** What the scores of all heads of one text are made of. */
interface Scored {
  readonly scales: readonly ScaleValues[];
  readonly foreign: boolean;
  readonly sums: Int32Array;
  readonly hits: TermHits;
  readonly read: readonly ReadWord[];
}

function toScore(head: ModelHead, index: number, heads: number, scored: Scored): HeadScore {
  const { value, scale } = bestScale(head, index, scored.scales);
  const net = value - (scored.foreign ? head.foreignPenalty : 0);
  const score = calibrated(head.knots, net);
  const words = score < WORTH_EXPLAINING || scale === undefined ? NO_WORDS : loudWords(index, heads, scale, scored);
  return { head: head.name, category: head.category, score, value: net, words };
}

const NO_WORDS: readonly number[] = [];

/** The window that counts: the best of all sizes, each less what so many windows of that size find by chance. */
function bestScale({ windowPenalties }: ModelHead, index: number, scales: readonly ScaleValues[]) {
  const best: { value: number; scale: ScaleValues | undefined } = { value: Number.NEGATIVE_INFINITY, scale: undefined };
  for (let at = 0; at < scales.length; at++) {
    const scale = scales[at];
    if (scale === undefined) break;
    const value = (scale.values[index] ?? 0) - (windowPenalties[at] ?? 0) * Math.log2(scale.windows);
    if (!(value > best.value)) continue;
    best.value = value;
    best.scale = scale;
  }
  return best;
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
function loudWords(index: number, heads: number, { starts, ends }: ScaleValues, { sums, hits, read }: Scored): number[] {
  const [start = 0, end = 0] = [starts[index], ends[index]];
  const listed = new Set(hits.words);
  const loud: { readonly word: number; readonly part: number }[] = [];
  for (let word = start; word < end; word++) {
    const part = (sums[(word + 1) * heads + index] ?? 0) - (sums[word * heads + index] ?? 0);
    if (part > 0) loud.push({ word, part: listed.has(word) ? part * 2 : part });
  }
  loud.sort((a, b) => b.part - a.part);
  return [...new Set(loud.slice(0, MAX_LOUD_WORDS).map(({ word }) => read[word]?.first ?? 0))];
}
