import { mapWords, without } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const reversed = (text: string) => Array.from(text).reverse().join('');

export const DIRECTION_TRICKS: readonly LetterTrick[] = [
  {
    name: 'right-to-left-override',
    // Stored backwards and shown forwards.
    apply: (text) => `\u202e${reversed(text)}\u202c`,
    undo: (text) => reversed(text.slice(1, -1)),
  },
  {
    name: 'isolates',
    apply: (text) => mapWords(text, (word) => `\u2067${word}\u2069`),
    undo: without(/\u2067|\u2069/gu),
  },
  { name: 'words-reversed', apply: (text) => mapWords(text, reversed), undo: (text) => mapWords(text, reversed) },
  { name: 'text-reversed', apply: reversed, undo: reversed },
];

export const DIRECTION = overTextAndMarker('direction', DIRECTION_TRICKS);
