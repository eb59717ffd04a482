import { rankOf } from './stretch.ts';
import type { WordBook } from './word-book.ts';

/** What people write in the place of a letter. */
export const MASK = /[*#•●■█?_~]/g;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** The word of the book that a word with masked letters stands for; a mask is for one letter, most often a vowel. */
export function unmask(word: string, book: WordBook): string | undefined {
  const masks = word.match(MASK)?.length ?? 0;
  if (masks === 0 || masks > 3 || word.length < 3 || masks * 2 > word.length || !/^[a-z][a-z*#•●■█?_~]*$/.test(word)) return undefined;
  const vowels = filled(word, 'aeiouy', book, masks);
  return vowels ?? (masks > 2 ? undefined : filled(word, ALPHABET, book, masks));
}

function filled(word: string, letters: string, book: WordBook, masks: number): string | undefined {
  const [first = '', ...rest] = word.split(MASK);
  let readings = [first];
  for (const part of rest) readings = readings.flatMap((start) => Array.from(letters, (letter) => start + letter + part));
  let best: string | undefined;
  for (const reading of readings)
    if (book.has(reading) && (masks < 2 || letters.length < 26 || book.isRisky(reading)))
      if (best === undefined || rankOf(reading, book) < rankOf(best, book)) best = reading;
  return best;
}
