import type { FeatureBuffer } from './features.ts';
import { type HashTable, lookUp } from './hash-table.ts';
import { hashJoin } from './hash-text.ts';

/** Words of the longest term. */
export const MAX_TERM_WORDS = 4;

/** Terms of the lists that were found: which classes (a bit each) begin at which word. In order of words. */
export interface TermHits {
  readonly words: number[];
  readonly classes: number[];
}

/** Looks up every word and every phrase of up to four words. */
export function findTerms(features: Pick<FeatureBuffer, 'hashes' | 'words'>, terms: HashTable): TermHits {
  const hits: TermHits = { words: [], classes: [] };
  for (let first = 0; first < features.words; first++) {
    let phrase = features.hashes[first] ?? 0;
    let classes = lookUp(terms, phrase);
    for (let next = first + 1; next < first + MAX_TERM_WORDS && next < features.words; next++) {
      phrase = hashJoin(phrase, features.hashes[next] ?? 0);
      classes |= lookUp(terms, phrase);
    }
    if (classes === 0) continue;
    hits.words.push(first);
    hits.classes.push(classes);
  }
  return hits;
}

/** What the terms of one window say: a bit for each class that was hit, and for each that was hit twice. */
export interface ClassMasks {
  once: number;
  twice: number;
  /** Hits before this one lie before every window that is still to come. */
  cursor: number;
}

/** The classes hit from word `from` up to, not including, word `to`. Windows must come in order of their start. */
export function masksOf({ words, classes }: TermHits, from: number, to: number, into: ClassMasks): void {
  into.once = 0;
  into.twice = 0;
  while ((words[into.cursor] ?? Number.POSITIVE_INFINITY) < from) into.cursor += 1;
  for (let hit = into.cursor; hit < words.length && (words[hit] ?? to) < to; hit++) {
    const mask = classes[hit] ?? 0;
    into.twice |= into.once & mask;
    into.once |= mask;
  }
}

/**
 * Numbers of the list features of a window: one for each class, one for a class hit twice, one for each pair of classes.
 * Pairs let a model learn that a weapon is harmless and a weapon with a victim is not.
 */
export function classFeatures({ once, twice }: ClassMasks, classCount: number, into: number[]): void {
  into.length = 0;
  if (once === 0) return;
  for (let a = 0; a < classCount; a++) {
    if (((once >>> a) & 1) === 0) continue;
    into.push(a);
    if ((twice >>> a) & 1) into.push(classCount + a);
    for (let b = a + 1; b < classCount; b++) if ((once >>> b) & 1) into.push(pairFeature(a, b, classCount));
  }
}

/** Number of list features that `classCount` classes make. */
export function classFeatureCount(classCount: number): number {
  return classCount * 2 + classCount * classCount;
}

function pairFeature(a: number, b: number, classCount: number): number {
  return classCount * 2 + a * classCount + b;
}
