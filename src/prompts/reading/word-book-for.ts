import type { Vocabulary } from '../rules/vocabulary.ts';
import { bookWith, standardWordBook, type WordBook } from './word-book.ts';

/** Letters that an ending may have; longer ones are other words. */
const MAX_ENDING = 5;
const LETTERS = /^\p{L}+$/u;

/** How many letters of a word are the ending of a beginning that the rules know; none for a whole word of the rules. */
function endingOf(word: string, vocabulary: Vocabulary): number | undefined {
  if (vocabulary.wholeIdOf(word) !== undefined) return 0;
  const id = vocabulary.idOf(word);
  if (id === undefined || !LETTERS.test(word)) return undefined;
  let ending = 0;
  while (ending <= MAX_ENDING && vocabulary.idOf(word.slice(0, -ending - 1)) === id) ending += 1;
  return ending > MAX_ENDING ? undefined : ending;
}

const books = new WeakMap<Vocabulary, WordBook>();

/**
 * The words that disguises may be read as where these rules judge: those that ship and those of the rules, which are
 * the ones worth hiding.
 */
export function wordBookFor(vocabulary: Vocabulary): WordBook {
  const earlier = books.get(vocabulary);
  if (earlier !== undefined) return earlier;
  const book = bookWith(
    standardWordBook(),
    (word) => endingOf(word, vocabulary),
    (start) => vocabulary.beginsWord(start),
  );
  books.set(vocabulary, book);
  return book;
}
