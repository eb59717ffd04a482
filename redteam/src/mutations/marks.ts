import { pick } from '../random.ts';
import { mapLetters } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const ACCENTS = ['\u0300', '\u0301', '\u0302', '\u0303', '\u0308', '\u030a'] as const;
const ZALGO_DEPTH = 6;

const undo = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '');
const onLetters = (text: string, marks: () => string) => mapLetters(text, (letter) => (letter === ' ' ? letter : letter + marks()));

export const MARK_TRICKS: readonly LetterTrick[] = [
  { name: 'diacritics', apply: (text, random) => onLetters(text, () => pick(ACCENTS, random)).normalize('NFC'), undo },
  {
    name: 'zalgo',
    apply: (text, random) =>
      onLetters(text, () => Array.from({ length: ZALGO_DEPTH }, () => String.fromCodePoint(0x300 + Math.floor(random() * 0x30))).join('')),
    undo,
  },
  { name: 'strike-through', apply: (text) => onLetters(text, () => '\u0336'), undo },
];

export const MARKS = overTextAndMarker('marks', MARK_TRICKS);
