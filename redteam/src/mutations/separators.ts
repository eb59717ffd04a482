import { pick } from '../random.ts';
import { mapWords } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const EMOJI = ['🌼', '✨', '🔹', '🍃'] as const;

const between = (name: string, sign: string): LetterTrick => ({
  name,
  apply: (text) => mapWords(text, (word) => Array.from(word).join(sign)),
  undo: (text) => text.replaceAll(sign, ''),
});

export const SEPARATOR_TRICKS: readonly LetterTrick[] = [
  between('dots', '.'),
  between('dashes', '-'),
  between('underscores', '_'),
  between('slashes', '/'),
  {
    name: 'emoji-between',
    apply: (text, random) => mapWords(text, (word) => Array.from(word).join(pick(EMOJI, random))),
    undo: (text) => text.replace(/🌼|✨|🔹|🍃/gu, ''),
  },
  {
    name: 'one-separator',
    apply: (text, random) =>
      mapWords(text, (word) => cut(word, 1 + Math.floor(random() * (word.length - 1)), pick(['-', '.', '*', '_'], random))),
    undo: (text) => text.replace(/[-.*_]/g, ''),
  },
  { name: 'gaps-underscored', apply: (text) => text.replaceAll(' ', '_'), undo: (text) => text.replaceAll('_', ' ') },
];

function cut(word: string, at: number, sign: string): string {
  return word.length < 4 ? word : word.slice(0, at) + sign + word.slice(at);
}

export const SEPARATORS = overTextAndMarker('separators', SEPARATOR_TRICKS);
