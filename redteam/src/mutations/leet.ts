import { mapLetters, substitution } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const DIGITS: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const SYMBOLS: Readonly<Record<string, string>> = { a: '@', e: '€', i: '!', o: '0', s: '$', l: '|' };

const digits = substitution('leet-digits', DIGITS);

export const LEET_TRICKS: readonly LetterTrick[] = [
  digits,
  substitution('leet-symbols', SYMBOLS),
  {
    name: 'leet-partial',
    apply: (text, random) => mapLetters(text, (letter) => (random() < 0.5 ? (DIGITS[letter] ?? letter) : letter)),
    ...(digits.undo === undefined ? {} : { undo: digits.undo }),
  },
];

export const LEET = overTextAndMarker('leetspeak', LEET_TRICKS);
