import type { DraftWord } from './draft-word.ts';
import type { WordBook } from './word-book.ts';

const ASCII_WORD = /^[a-z]+$/;

/** How much of a text the book knows; every step below needs to know how sure it may be that this is English. */
export interface Share {
  readonly ascii: number;
  readonly unknown: readonly DraftWord[];
}

export function shareOf(words: readonly DraftWord[], book: WordBook): Share {
  const unknown = words.filter(({ text }) => text.length > 1 && !book.has(text) && ASCII_WORD.test(text));
  return { ascii: words.length, unknown };
}
