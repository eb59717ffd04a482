import { mapLetters, mapWords } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const spaced = (word: string) => Array.from(word).join(' ');

export const SPACING_TRICKS: readonly LetterTrick[] = [
  {
    name: 'letters-spaced',
    apply: (text) => text.split(' ').map(spaced).join('   '),
    undo: (text) =>
      text
        .split('   ')
        .map((word) => word.replaceAll(' ', ''))
        .join(' '),
  },
  { name: 'half-the-words-spaced', apply: (text, random) => mapWords(text, (word) => (random() < 0.5 ? spaced(word) : word)) },
  { name: 'wide-spaces', apply: (text) => text.replaceAll(' ', '\u2003\u00a0'), undo: (text) => text.replaceAll('\u2003\u00a0', ' ') },
  { name: 'lines', apply: (text) => text.replaceAll(' ', '\n'), undo: (text) => text.replaceAll('\n', ' ') },
  {
    name: 'letters-repeated',
    apply: (text, random) => mapLetters(text, (letter) => (letter === ' ' || random() < 0.6 ? letter : letter.repeat(3))),
  },
];

/** What loses where a word began or ended. */
export const GAP_TRICKS: readonly LetterTrick[] = [
  { name: 'letters-spaced-without-gaps', apply: (text) => spaced(text.replaceAll(' ', '')) },
  { name: 'words-joined', apply: (text) => text.replaceAll(' ', '') },
  { name: 'camel-case', apply: (text) => text.replace(/ (\S)/g, (_, letter: string) => letter.toUpperCase()) },
  { name: 'words-split', apply: (text, random) => mapWords(text, (word) => split(word, random())) },
];

function split(word: string, chance: number): string {
  const at = 2 + Math.floor(chance * (word.length - 3));
  return word.length < 5 ? word : `${word.slice(0, at)} ${word.slice(at)}`;
}

export const SPACING = overTextAndMarker('spacing', SPACING_TRICKS);
export const GAPS = overTextAndMarker('word-gaps', GAP_TRICKS);
