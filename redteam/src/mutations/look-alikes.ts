import { mapLetters, substitution } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

/** Pairs from Unicode's confusables (UTS #39). */
const CYRILLIC: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  j: 'ј',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  x: 'х',
  y: 'у',
  d: 'ԁ',
  h: 'һ',
  q: 'ԛ',
  w: 'ԝ',
}; // prettier-ignore
const GREEK: Readonly<Record<string, string>> = { a: 'α', i: 'ι', k: 'κ', o: 'ο', p: 'ρ', t: 'τ', u: 'υ', v: 'ν', w: 'ω' };

const cyrillic = substitution('look-alike-cyrillic', CYRILLIC);
const greek = substitution('look-alike-greek', GREEK);
const alphabets = [{}, CYRILLIC, GREEK] as const;

export const LOOK_ALIKE_TRICKS: readonly LetterTrick[] = [
  cyrillic,
  greek,
  {
    name: 'look-alike-mixed',
    apply: (text, random) => mapLetters(text, (letter) => tableOf(random())[letter] ?? letter),
    undo: (text) => greek.undo?.(cyrillic.undo?.(text) ?? text) ?? text,
  },
];

function tableOf(chance: number): Readonly<Record<string, string>> {
  return alphabets[Math.floor(chance * alphabets.length)] ?? {};
}

export const LOOK_ALIKES = overTextAndMarker('look-alikes', LOOK_ALIKE_TRICKS);
