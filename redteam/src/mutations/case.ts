import { mapLetters } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const undo = (text: string) => text.toLowerCase();

export const CASE_TRICKS: readonly LetterTrick[] = [
  { name: 'upper', apply: (text) => text.toUpperCase(), undo },
  { name: 'random-case', apply: (text, random) => mapLetters(text, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter)), undo },
  { name: 'inverted-title', apply: (text) => text.replace(/\B[a-z]/g, (letter) => letter.toUpperCase()), undo },
];

export const CASE = overTextAndMarker('case', CASE_TRICKS);
