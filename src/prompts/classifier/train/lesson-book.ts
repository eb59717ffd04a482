import { createFeatureBuffer, extractFeatures, WORD_FEATURES } from '../features.ts';
import type { HashTable } from '../hash-table.ts';
import { classFeatures, findTerms, masksOf } from '../term-hits.ts';
import { WHOLE_WORDS, windowsOf } from '../windows.ts';
import type { Labels } from './heads.ts';

/** Features of many texts in flat arrays. A text has windows, a window has features. */
export interface LessonBook {
  readonly bucketBits: number;
  readonly classes: number;
  readonly labels: Labels[];
  readonly weights: number[];
  /** Windows of text i are `textEnds[i − 1]` to `textEnds[i] − 1`. */
  readonly textEnds: number[];
  /** Features of window w are `windowEnds[w − 1]` to `windowEnds[w] − 1` of `buckets`. */
  readonly windowEnds: number[];
  readonly classEnds: number[];
  buckets: Uint32Array;
  /** 1 for each bucket that some whole word or pair of words falls into. */
  readonly isOfWords: Uint8Array;
  readonly classFeatures: number[];
}

export function createLessonBook(bucketBits: number, classes: number): LessonBook {
  return {
    bucketBits,
    classes,
    labels: [],
    weights: [],
    textEnds: [],
    windowEnds: [],
    classEnds: [],
    buckets: new Uint32Array(1 << 20),
    isOfWords: new Uint8Array(1 << bucketBits),
    classFeatures: [],
  };
}

/** Words of the windows of which the strongest learns; between the sizes that are scored. */
const LESSON_WORDS = 32;
const buffer = createFeatureBuffer();

/** Adds one text; the same features as when scoring, save that no word is repaired. */
export function addLesson(book: LessonBook, words: readonly string[], of: { labels: Labels; weight: number }, terms: HashTable): void {
  extractFeatures(words, book.bucketBits, buffer);
  markWords(book.isOfWords);
  const hits = findTerms(buffer, terms);
  const masks = { once: 0, twice: 0, cursor: 0 };
  const active: number[] = [];
  const bounds = windowsOf(words.length, words.length <= WHOLE_WORDS ? WHOLE_WORDS : LESSON_WORDS);
  for (let at = 0; at < bounds.length; at += 2) {
    const [start = 0, end = 0] = [bounds[at], bounds[at + 1]];
    pushBuckets(book, buffer.buckets.subarray(buffer.ends[start - 1] ?? 0, buffer.ends[end - 1] ?? 0));
    masksOf(hits, start, end, masks);
    classFeatures(masks, book.classes, active);
    book.classFeatures.push(...active);
    book.classEnds.push(book.classFeatures.length);
  }
  book.textEnds.push(book.windowEnds.length);
  book.labels.push(of.labels);
  book.weights.push(of.weight);
}

/** The last features of a word are the word itself and its pair. */
function markWords(isOfWords: Uint8Array): void {
  for (let word = 0; word < buffer.words; word++)
    for (let back = 1; back <= WORD_FEATURES; back++) isOfWords[buffer.buckets[(buffer.ends[word] ?? 0) - back] ?? 0] = 1;
}

function pushBuckets(book: LessonBook, features: Uint32Array): void {
  const from = book.windowEnds.at(-1) ?? 0;
  if (from + features.length > book.buckets.length) {
    const larger = new Uint32Array(book.buckets.length * 2 + features.length);
    larger.set(book.buckets.subarray(0, from));
    book.buckets = larger;
  }
  book.buckets.set(features, from);
  book.windowEnds.push(from + features.length);
}
