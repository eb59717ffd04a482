import type { Vocabulary } from '../rules/vocabulary.ts';
import { bookWith, standardWordBook, type WordBook } from './word-book.ts';

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
    (word) => vocabulary.idOf(word) !== undefined,
    (start) => vocabulary.beginsWord(start),
  );
  books.set(vocabulary, book);
  return book;
}
