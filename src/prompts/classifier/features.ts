import { HASH_SEED, hashFinish, hashJoin, hashStep, hashText } from './hash-text.ts';

/** Longer runs of letters than any word; what lies behind says nothing more. */
export const WORD_UNITS = 24;
/** Features of a word that stand behind its n-grams of letters: the word, and its pair with the one before it. */
export const WORD_FEATURES = 2;
const SHORTEST_GRAM = 2;
const LONGEST_GRAM = 5;
const SPACE = 32;
const GRAM_SALT = 0x2545f491;
const WORD_SALT = 0x51ed270b;
const PAIR_SALT = 0x7feb352d;

/** The features of one text, word after word, in arrays that are used again for the next text. */
export interface FeatureBuffer {
  /** Feature numbers, from 0 to buckets − 1. */
  buckets: Uint32Array;
  /** `ends[i]`: where the features of word i end in `buckets`. */
  ends: Uint32Array;
  /** `hashes[i]`: the hash of word i. */
  hashes: Uint32Array;
  words: number;
}

export function createFeatureBuffer(): FeatureBuffer {
  return { buckets: new Uint32Array(8_192), ends: new Uint32Array(512), hashes: new Uint32Array(512), words: 0 };
}

/**
 * Hashed features of canonical words: n-grams of two to five letters of the word between spaces (char_wb), the word, and
 * the word with the one before it. `bucketBits` sets the number of buckets. Linear in the length of the text.
 */
export function extractFeatures(words: readonly string[], bucketBits: number, into: FeatureBuffer): void {
  if (into.ends.length < words.length) {
    into.ends = new Uint32Array(words.length * 2);
    into.hashes = new Uint32Array(words.length * 2);
  }
  let used = 0;
  let before = HASH_SEED;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (used + WORD_UNITS * 5 > into.buckets.length) into.buckets = grown(into.buckets);
    const hash = hashText(word);
    used = pushWordFeatures(word, hash, bucketBits, { buckets: into.buckets, from: used });
    into.buckets[used++] = pairBucket(before, hash, bucketBits);
    into.ends[index] = used;
    into.hashes[index] = hash;
    before = hash;
  }
  into.words = words.length;
}

/** Where the features of a word go. */
interface Target {
  readonly buckets: Uint32Array;
  readonly from: number;
}

/** The features of a word by itself: its n-grams of letters, then the word. Returns where they end. */
export function pushWordFeatures(word: string, hash: number, bucketBits: number, { buckets, from }: Target): number {
  const shift = 32 - bucketBits;
  const used = pushGrams(word, shift, buckets, from);
  buckets[used] = hashFinish(hash ^ WORD_SALT) >>> shift;
  return used + 1;
}

/** The feature of a word with the one before it, by their hashes; before the first stands `HASH_SEED`. */
export function pairBucket(before: number, hash: number, bucketBits: number): number {
  return hashFinish(hashJoin(before, hash) ^ PAIR_SALT) >>> (32 - bucketBits);
}

function pushGrams(word: string, shift: number, buckets: Uint32Array, from: number): number {
  let used = from;
  const length = Math.min(word.length, WORD_UNITS);
  const unitAt = (at: number) => (at === 0 || at === length + 1 ? SPACE : word.charCodeAt(at - 1));
  for (let start = 0; start <= length; start++) {
    let hash = hashStep(GRAM_SALT, unitAt(start));
    const last = Math.min(start + LONGEST_GRAM - 1, length + 1);
    for (let at = start + 1; at <= last; at++) {
      hash = hashStep(hash, unitAt(at));
      if (at - start + 1 >= SHORTEST_GRAM) buckets[used++] = hashFinish(hash) >>> shift;
    }
  }
  return used;
}

function grown(array: Uint32Array): Uint32Array {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
