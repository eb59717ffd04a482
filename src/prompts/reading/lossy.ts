import { rememberedFor } from '../remembered.ts';
import { readCoded } from './coded.ts';
import { type DraftWord, divided, joined, withTricks } from './draft-word.ts';
import { likeliestSpelling, riskySpelling } from './misspelled.ts';
import { segment } from './segment.ts';
import { type Share, shareOf } from './share.ts';
import { unstretch } from './stretch.ts';
import { LONGEST_WORD, type WordBook } from './word-book.ts';

/** Beyond this many words nothing here is tried: no model reads that far, and the work stays small. */
const MAX_WORDS = 4000;
const ASCII_WORD = /^[a-z]+$/;
const MIN_JOINED = 6;
const MIN_JOINED_FOREIGN = 10;
const MIN_KNOWN_SHARE = 0.2;

type Step = (words: readonly DraftWord[], share: Share, book: WordBook) => readonly DraftWord[];

/**
 * Undoes what loses information: words run together, cut apart, written backwards, in ROT13, with letters dropped or
 * swapped. Only words that the book does not know are touched, and only words of the book come out. Without anything to
 * undo, `words` itself comes back.
 */
export function readLossy(words: readonly DraftWord[], book: WordBook): readonly DraftWord[] {
  if (words.length > MAX_WORDS) return words;
  let read = words;
  let share = shareOf(words, book);
  for (const step of STEPS) {
    if (share.unknown.length === 0) return read;
    const next = step(read, share, book);
    if (next !== read) share = shareOf(next, book);
    read = next;
  }
  return read;
}

const STEPS: readonly Step[] = [readJoined, readSplit, readCoded, readMisspelled];

function readJoined(words: readonly DraftWord[], { ascii, unknown }: Share, book: WordBook): readonly DraftWord[] {
  const minLength = unknown.length * 2 > ascii ? MIN_JOINED_FOREIGN : MIN_JOINED;
  const readings = new Map<string, readonly string[]>();
  let joinedLetters = 0;
  for (const { text } of unknown) {
    const read = text.length < minLength ? undefined : readRunTogetherAgain(text, book);
    if (read !== undefined) readings.set(text, read);
    if (read !== undefined) joinedLetters += text.length;
  }
  if (readings.size === 0) return words;
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  const isEverywhere = readings.size > 1 && joinedLetters * 2 > letters;
  // One compound is a compound; four words in a row, a word of the rules, or many compounds are meant to hide.
  for (const [text, read] of readings)
    if (!isEverywhere && read.length < 4 && !read.some((part) => isRareRisk(part, book))) readings.delete(text);
  if (readings.size === 0) return words;
  return words.flatMap((word) => {
    const read = readings.get(word.text);
    return read === undefined ? [word] : divided([word], read, 'spacing');
  });
}

/** `girl` in a compound says nothing. */
function isRareRisk(word: string, book: WordBook): boolean {
  return word.length > 3 && book.isRisky(word) && (book.costOf(word) ?? 0) > 9.5;
}

function readRunTogether(text: string, book: WordBook): readonly string[] | undefined {
  const read = segment(text, book);
  if (read === undefined || read.words.length < 2 || read.unknown * 4 > text.length) return undefined;
  // Two short words side by side make many a name; a long run that parses is no accident.
  const maxCost = text.length < 9 ? 2 : text.length < 14 ? 2.4 : 2.9;
  return read.cost <= maxCost ? read.words : undefined;
}

const readRunTogetherAgain = rememberedFor(readRunTogether);

/** Most pieces that one word is cut into. */
const MAX_CUTS = 4;

function readSplit(words: readonly DraftWord[], { ascii, unknown }: Share, book: WordBook): readonly DraftWord[] {
  const strange = new Set(unknown);
  const found: { at: number; split: Split }[] = [];
  let nearest = -1;
  for (let at = 0; at < words.length; at++) {
    if (nearest < at) nearest = nextIn(strange, words, at);
    const split = nearest < at + MAX_CUTS ? splitAt(words, at, book) : undefined;
    if (split === undefined) continue;
    found.push({ at, split });
    at += split.parts - 1;
  }
  const fragments = found.reduce((sum, { split }) => sum + split.parts, 0);
  const isEverywhere = found.length > 1 && fragments * 4 >= ascii;
  const meant = new Map(found.filter(({ split }) => isEverywhere || split.isRisky).map(({ at, split }) => [at, split]));
  if (meant.size === 0) return words;
  const read: DraftWord[] = [];
  for (let at = 0; at < words.length; ) {
    const split = meant.get(at);
    const parts = words.slice(at, at + (split?.parts ?? 1));
    read.push(...(split === undefined ? parts : [joined(parts, split.text, 'spacing')]));
    at += parts.length;
  }
  return read;
}

/** The index of the first of these words from here on, or beyond the last word. */
function nextIn(wanted: ReadonlySet<DraftWord>, words: readonly DraftWord[], from: number): number {
  for (let at = from; at < words.length; at++) {
    const word = words[at];
    if (word !== undefined && wanted.has(word)) return at;
  }
  return Number.POSITIVE_INFINITY;
}

interface Split {
  readonly text: string;
  readonly parts: number;
  readonly isRisky: boolean;
}

/** The longest word of the book that the words from `at` on make together, when one of them is no word. */
function splitAt(words: readonly DraftWord[], at: number, book: WordBook): Split | undefined {
  let text = words[at]?.text ?? '';
  if (!ASCII_WORD.test(text)) return undefined;
  let hasFragment = isFragment(text, book);
  let best: Split | undefined;
  for (let parts = 2; parts <= MAX_CUTS; parts++) {
    const next = words[at + parts - 1]?.text;
    if (next === undefined || !ASCII_WORD.test(next)) break;
    text += next;
    hasFragment ||= isFragment(next, book);
    if (hasFragment && text.length > 3 && book.has(text)) best = { text, parts, isRisky: text.length > 4 && book.isRisky(text) };
  }
  return best;
}

function isFragment(text: string, book: WordBook): boolean {
  return text.length === 1 ? text !== 'a' && text !== 'i' : !book.has(text);
}

function readMisspelled(words: readonly DraftWord[], { ascii, unknown }: Share, book: WordBook): readonly DraftWord[] {
  const long = unknown.filter(({ text }) => text.length > 2 && text.length < LONGEST_WORD);
  // In a text that is mostly unknown, the language is another one, and its words are no misspellings.
  if (long.length === 0 || ascii - unknown.length < ascii * MIN_KNOWN_SHARE) return words;
  const everywhere = readEverywhere(words, long, book);
  const isEnglish = unknown.length * 3 <= ascii + 2;
  const readings = new Map<string, string>();
  for (const { text } of unknown) {
    const reading = everywhere?.get(text) ?? (isEnglish ? riskyOfAgain(text, book) : undefined);
    if (reading !== undefined) readings.set(text, reading);
  }
  if (readings.size === 0) return words;
  return words.map((word) => {
    const text = readings.get(word.text);
    return text === undefined ? word : { ...word, text, tricks: withTricks(word.tricks, 'masked_letters') };
  });
}

function riskyOf(text: string, book: WordBook): string | undefined {
  const short = unstretch(text, book, true);
  if (short !== undefined && book.isRisky(short)) return short;
  if (text.length < 4) return undefined;
  const read = riskySpelling(text, book);
  return read !== undefined && read.length > 4 && (book.costOf(read) ?? 0) > 10.5 ? read : undefined;
}

const riskyOfAgain = rememberedFor(riskyOf);

/** The readings of all unknown words, when so many are misspelled that it was done on purpose. */
function readEverywhere(words: readonly DraftWord[], long: readonly DraftWord[], book: WordBook): Map<string, string> | undefined {
  if (long.length < 3 || long.length * 6 < words.length) return undefined;
  const readings = new Map<string, string>();
  for (const { text } of long) {
    const reading = readings.has(text) ? undefined : spellingOf(text, book);
    if (reading !== undefined) readings.set(text, reading);
  }
  const readable = long.filter(({ text }) => readings.has(text)).length;
  // Words of three letters have a neighbor in every language.
  const clear = long.filter(({ text }) => text.length > 3 && readings.has(text)).length;
  const known = words.filter(({ text }) => book.has(text)).length;
  const isEnough = readable > 2 && readable * 6 >= words.length && readable * 3 >= long.length * 2 && clear > 2;
  return isEnough && (known + clear) * 10 >= words.length * 7 ? readings : undefined;
}

const spellingOf = rememberedFor((text, book: WordBook) => unstretch(text, book, true) ?? likeliestSpelling(text, book));
