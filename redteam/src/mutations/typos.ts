import type { Random } from '../random.ts';
import { mapWords } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

/** Neighbors to the right on a QWERTY keyboard. */
const NEIGHBORS: Readonly<Record<string, string>> = {
  a: 's',
  e: 'r',
  i: 'o',
  l: 'k',
  n: 'm',
  o: 'p',
  p: 'o',
  r: 't',
  s: 'd',
  t: 'y',
  u: 'i',
};

/** A word is changed inside only: people recognize it by its ends. Short words would become others. */
const inside = (change: (word: string, at: number) => string) => (text: string, random: Random) =>
  mapWords(text, (word) => (word.length < 5 ? word : change(word, 1 + Math.floor(random() * (word.length - 3)))));

export const TYPO_TRICKS: readonly LetterTrick[] = [
  { name: 'swap', apply: inside((word, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)) },
  { name: 'drop', apply: inside((word, at) => word.slice(0, at) + word.slice(at + 1)) },
  { name: 'double', apply: inside((word, at) => word.slice(0, at) + word.charAt(at) + word.slice(at)) },
  {
    name: 'keyboard',
    apply: inside((word, at) => word.slice(0, at) + (NEIGHBORS[word.charAt(at)] ?? word.charAt(at)) + word.slice(at + 1)),
  },
  { name: 'vowel-starred', apply: (text) => mapWords(text, (word) => (word.length < 5 ? word : word.replace(/(?<=.)[aeiou]/, '*'))) },
];

export const TYPOS = overTextAndMarker('typos', TYPO_TRICKS);
