import { rememberedFor } from '../remembered.ts';
import { type DraftWord, joined, withTricks } from './draft-word.ts';
import { APOSTROPHE, Fragments, readTogether } from './fragments.ts';
import { isLetterSign, mayStart, readLeet } from './leet.ts';
import type { TrickKind } from './prompt-reading.ts';
import { isUnspaced } from './scripts.ts';
import { unstretch } from './stretch.ts';
import { LONGEST_WORD, START_LETTERS, type WordBook } from './word-book.ts';

/** A word or a sign of a stretch of text without spaces. */
export interface ChunkPart extends DraftWord {
  readonly isSign: boolean;
}

/** Parts that one hidden word may be broken into. */
const MAX_PARTS = 40;
const LETTER = /\p{L}/u;
const UNKNOWN_COST = 22;
const UNKNOWN_LETTER = 1;
/** What English puts behind an apostrophe. */
export const CLITIC = /^(?:s|t|d|m|ll|re|ve)$/;

export function isApostrophe({ isSign, text }: ChunkPart): boolean {
  return isSign && APOSTROPHE.test(text);
}

/** Parts that may still be put together: a text with more of them is for no model to read, but would take long. */
export interface Effort {
  left: number;
}

export const ALL_EFFORT = 6000;

/** Reads one word on its own: letters for its digits and masks, stretched letters shortened. */
export function readWord(word: DraftWord, book: WordBook): DraftWord {
  if (word.text.length < 3 || book.has(word.text)) return word;
  // Numbers are seldom twice the same.
  const read = word.text.charCodeAt(0) <= LAST_DIGIT ? readUnknown(word.text, book) : readUnknownAgain(word.text, book);
  return read === undefined ? word : { ...word, text: read.text, tricks: withTricks(word.tricks, read.trick) };
}

const LAST_DIGIT = 57;

function readUnknown(word: string, book: WordBook): { readonly text: string; readonly trick: TrickKind } | undefined {
  const leet = readLeet(word, book);
  if (leet !== undefined) return { text: leet, trick: 'leetspeak' };
  const short = unstretch(word, book);
  return short === undefined ? undefined : { text: short, trick: 'repetition' };
}

const readUnknownAgain = rememberedFor(readUnknown);

/**
 * Reads a stretch of words and signs without spaces. Where some part of it is no word, parts are put together to words
 * of the book: without the signs between them (`n.u.d.e`, `na_ked`), or with signs as letters (`p@rk`, `b*d`).
 */
export function readChunk(parts: readonly ChunkPart[], book: WordBook, effort: Effort): DraftWord[] {
  const words = parts.filter((part) => !part.isSign);
  const [only] = words;
  if (only === undefined) return [];
  if (parts.length === 1) return [readWord(only, book)];
  if (effort.left <= 0 || !mayHide(parts, words, book)) return words.map((word) => readWord(word, book));
  const found: DraftWord[] = [];
  for (let from = 0; from < parts.length; from += MAX_PARTS) {
    const window = parts.slice(from, from + MAX_PARTS);
    const read = effort.left > 0 ? readWindow(window, book) : window.flatMap((part) => (part.isSign ? [] : [readWord(part, book)]));
    effort.left -= window.length;
    for (const word of read) found.push(word);
  }
  return found;
}

function mayHide(parts: readonly ChunkPart[], words: readonly ChunkPart[], book: WordBook): boolean {
  if (!words.some(({ text }) => LETTER.test(text) && !isUnspaced(text))) return false;
  if (isContraction(parts)) return false;
  if (words.some(({ text }) => !isWord(text, book))) return true;
  const whole = words.map(({ text }) => text).join('');
  // Parts that are words of the rules themselves are meant as such: `see-through`.
  return words.length > 1 && book.isRisky(whole) && !words.every(({ text }) => text.length > 2 && book.isRisky(text));
}

function isWord(text: string, book: WordBook): boolean {
  return text.length > 1 ? book.has(text) : text === 'a' || text === 'i';
}

/** `artist's`, also with punctuation after it. */
function isContraction(parts: readonly ChunkPart[]): boolean {
  const at = parts.findIndex(({ isSign, text }) => isSign && APOSTROPHE.test(text));
  if (at < 1 || !CLITIC.test(parts[at + 1]?.text ?? '')) return false;
  return (
    parts.every(({ isSign, text }, index) => isSign || index === at + 1 || text.length > 1) && parts.filter((p) => !p.isSign).length === 2
  );
}

interface Step {
  readonly cost: number;
  readonly from: number;
  readonly word: DraftWord | undefined;
}

/** The cheapest way to put parts together, by dynamic programming over the places between them. */
function readWindow(parts: readonly ChunkPart[], book: WordBook): DraftWord[] {
  const best: Step[] = [{ cost: 0, from: 0, word: undefined }];
  const improve = (at: number, cost: number, from: number, word: DraftWord | undefined) => {
    if (cost < (best[at]?.cost ?? Number.POSITIVE_INFINITY)) best[at] = { cost, from, word };
  };
  for (let from = 0; from < parts.length; from++) {
    const cost = best[from]?.cost ?? 0;
    const part = parts[from];
    if (part === undefined) break;
    if (part.isSign) improve(from + 1, cost, from, undefined);
    else {
      const word = readWord(part, book);
      improve(from + 1, cost + costOf(word.text, book), from, word);
    }
    for (const { to, word } of joinedFrom(parts, from, book)) improve(to, cost + (book.costOf(word.text) ?? 0), from, word);
  }
  const words: DraftWord[] = [];
  for (let at = parts.length; at > 0; ) {
    const { from = 0, word } = best[at] ?? {};
    if (word !== undefined) words.push(word);
    at = from;
  }
  return words.reverse();
}

/** A number is no word of the book, and still as likely as one. */
const NUMBER = /^[0-9]{1,4}[a-z]{0,2}$/;
const NUMBER_COST = 8;

function costOf(text: string, book: WordBook): number {
  if (NUMBER.test(text)) return NUMBER_COST;
  return isWord(text, book) ? (book.costOf(text) ?? 0) : UNKNOWN_COST + UNKNOWN_LETTER * text.length;
}

/** Every word of the book that parts from `from` on make together. */
function joinedFrom(parts: readonly ChunkPart[], from: number, book: WordBook): { to: number; word: DraftWord }[] {
  const found: { to: number; word: DraftWord }[] = [];
  const first = parts[from];
  if (first === undefined || (first.isSign && !isLetterSign(first.text))) return found;
  const fragments = new Fragments(book);
  for (const [index, part] of parts.slice(from, from + MAX_JOINED).entries()) {
    fragments.take(part);
    if (index === 0) continue;
    if (!mayGoOn(fragments, book)) break;
    const [word, trick] = readTogether(fragments, book);
    if (word !== undefined) found.push({ to: from + index + 1, word: joined(parts.slice(from, from + index + 1), word, trick) });
  }
  return found;
}

/** Letters with a sign between all of them. */
const MAX_JOINED = LONGEST_WORD * 2;

function mayGoOn({ plain, spelled }: Fragments, book: WordBook): boolean {
  if (plain.length > LONGEST_WORD || spelled.length > LONGEST_WORD * 2) return false;
  const isShort = plain.length < START_LETTERS;
  return isShort || book.mayBegin(plain.slice(0, START_LETTERS)) || mayStart(plain, book) || mayStart(spelled, book);
}
