import { rememberedFor } from '../remembered.ts';
import { type DraftWord, withTricks } from './draft-word.ts';
import type { TrickKind } from './prompt-reading.ts';
import type { Share } from './share.ts';
import type { WordBook } from './word-book.ts';

const ASCII_WORD = /^[a-z]+$/;

/** ROT13 and letters in the opposite order: single words of the rules, or most of what is unknown. */
export function readCoded(words: readonly DraftWord[], { ascii, unknown }: Share, book: WordBook): readonly DraftWord[] {
  const long = unknown.filter(({ text }) => text.length > 2);
  if (long.length === 0) return words;
  const isEnglish = unknown.length * 3 <= ascii + 2;
  const backwards = readAll(words, long, { code: BACKWARDS, isEnglish }, book);
  return backwards === words ? readAll(words, long, { code: ROT13, isEnglish }, book) : backwards;
}

/** A way of writing a word in other letters, and whether a word of the book is written so. */
interface Code {
  readonly undo: (text: string) => string;
  readonly reads: (text: string, book: WordBook) => boolean;
  readonly trick: TrickKind;
}

const codeOf = (undo: Code['undo'], trick: TrickKind): Code => ({
  undo,
  trick,
  reads: rememberedFor((text, book) => book.has(undo(text))),
});
const BACKWARDS = codeOf(reversed, 'direction');
const ROT13 = codeOf(rot13, 'encoding');

function readAll(
  words: readonly DraftWord[],
  unknown: readonly DraftWord[],
  { code: { undo, reads, trick }, isEnglish }: { readonly code: Code; readonly isEnglish: boolean },
  book: WordBook,
): readonly DraftWord[] {
  const readable = unknown.filter(({ text }) => reads(text, book));
  if (readable.length === 0) return words;
  const risky = readable.some(({ text }) => book.isRisky(undo(text)));
  const isEverywhere = readable.length * 2 >= unknown.length && (readable.length > 2 || (risky && readable.length * 2 >= words.length));
  if (!isEverywhere && !(isEnglish && risky)) return words;
  return words.map((word) => {
    if (book.has(word.text) || !ASCII_WORD.test(word.text)) return word;
    const text = undo(word.text);
    const isMeant = book.has(text) && (isEverywhere || (isEnglish && text.length > 4 && book.isRisky(text)));
    return isMeant ? { ...word, text, tricks: withTricks(word.tricks, trick) } : word;
  });
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}

function rot13(text: string): string {
  let turned = '';
  for (let at = 0; at < text.length; at++) turned += String.fromCharCode(((text.charCodeAt(at) - 97 + 13) % 26) + 97);
  return turned;
}
