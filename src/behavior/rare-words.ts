import type { CountSketch } from './count-sketch.ts';

/** How many words stand for a prompt: the rarest that it has. */
export const RARE = 16;

/**
 * The words that stand for refused prompts of one topic, as hashes: those that an earlier one of it has too, then the rarest new ones, and while there is room those that did not
 * come back this time. What everybody says ("a photo of") would make all prompts alike; what is put around a prompt to hide it does not come back.
 */
export function tellingWords(words: ReadonlySet<number>, frequencies: CountSketch, earlier: ReadonlySet<number>): readonly number[] {
  const distinct = [...words].map((word) => ({ word, count: frequencies.count(word), isAgain: earlier.has(word) }));
  const now = distinct
    .sort((a, b) => Number(b.isAgain) - Number(a.isAgain) || a.count - b.count || a.word - b.word)
    .slice(0, RARE)
    .map(({ word }) => word);
  return [...now, ...[...earlier].filter((word) => word !== 0 && !words.has(word))].slice(0, RARE);
}

/** Fewer words say too little: "a cat" stands in every second prompt about cats. */
const LEAST_WORDS = 3;
/** Of what the shorter of the two says, in bits, so much must be in both: three of ten words changed keep it above. */
const ENOUGH = 0.6;
/** And so much in all: words that everybody says are no likeness, however many they are. */
const LEAST_BITS = 20;
/** So much is enough, however many others stand around it: two unrelated prompts share it once in 2^40. */
const TELLING_BITS = 40;

interface Bits {
  /** Of all words of the prompt. */
  readonly all: number;
  /** How rare a word is: the binary logarithm of one in how many prompts has it. */
  readonly bitsOf: (word: number) => number;
}

/**
 * How much of an earlier prompt this one says again, in bits; 0 where it is not the earlier one with some words changed, left out or put around it. `earlier` holds zeros
 * after its last word.
 */
export function likeness(earlier: ArrayLike<number>, words: ReadonlySet<number>, { all, bitsOf }: Bits): number {
  let [found, earlierAll, bits] = [0, 0, 0];
  for (let i = 0; i < earlier.length; i++) {
    const word = earlier[i] ?? 0;
    if (word === 0) break;
    const own = bitsOf(word);
    earlierAll += own;
    if (!words.has(word)) continue;
    found++;
    bits += own;
  }
  if (found < LEAST_WORDS || bits < LEAST_BITS) return 0;
  return bits >= TELLING_BITS || bits >= Math.min(all, earlierAll) * ENOUGH ? bits : 0;
}
