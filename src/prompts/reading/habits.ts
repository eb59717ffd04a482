import type { ChunkPart } from './chunk.ts';
import type { DraftWord } from './draft-word.ts';
import { isLeetOf, letterFor, readLeet } from './leet.ts';
import { isLoneLetter } from './scripts.ts';
import type { WordBook } from './word-book.ts';

/** How a writer hides word after word: what several words of a text that could be read have in common. */
export interface Habits {
  /** Digits and signs that stood for letters. */
  readonly leet: ReadonlySet<string>;
  /** Kinds of signs between the letters of words; see `signKind`. */
  readonly separators: ReadonlySet<string>;
  readonly stretches: boolean;
}

/** Parts of one chunk, and what was read in it by itself. */
export interface ReadChunk {
  readonly parts: readonly ChunkPart[];
  readonly words: readonly DraftWord[];
}

const MIN_WORDS = 2;
/** One word in so many; fewer are no habit. */
const MAX_CHUNKS_PER_WORD = 10;
/** Longer chunks are no text. */
export const MAX_CHUNK_PARTS = 400;
/** Initials have fewer letters. */
const MIN_SPELLED = 5;
const IS_SYMBOL = /[\p{Extended_Pictographic}\p{So}]/u;

/** A sign as a separator: any emoji is as good as another. */
export function signKind(sign: string): string {
  return IS_SYMBOL.test(sign) ? 'symbol' : sign;
}

/** What the chunks of a text have in common; undefined when it is nothing. */
export function habitsOf(chunks: readonly ReadChunk[], book: WordBook): Habits | undefined {
  const tally = new Tally(book);
  for (const chunk of chunks) if (chunk.parts.length <= MAX_CHUNK_PARTS) tally.take(chunk);
  return tally.habits(chunks.length);
}

class Tally {
  readonly #book: WordBook;
  readonly #leet = new Set<string>();
  readonly #separators = new Map<string, number>();
  #leetWords = 0;
  #maybeLeet = 0;
  #stretched = 0;

  constructor(book: WordBook) {
    this.#book = book;
  }

  take({ parts, words }: ReadChunk): void {
    // A word of the book that was taken as it stands.
    if (words === parts) return;
    for (const word of words) {
      if (word.tricks.includes('repetition')) this.#stretched += 1;
      if (word.tricks.includes('leetspeak')) this.#takeLeet(parts, word);
      if (word.tricks.includes('punctuation')) this.#count(parts, word.start, word.end, 1);
    }
    const [first] = parts;
    if (first === undefined) return;
    if (parts.length === 1) this.#takeMaybe(first);
    else if (isSpelledOut(parts)) this.#count(parts, first.start, parts.at(-1)?.end ?? first.end, 1);
    else if (this.#isCompound({ parts, words })) this.#count(parts, first.start, parts.at(-1)?.end ?? first.end, -1);
  }

  /** Too few letters to be sure of one such word (`b047`); several are no accident. */
  #takeMaybe({ text }: ChunkPart): void {
    if (!isLeetOf(text, this.#book) || readLeet(text, this.#book) !== undefined) return;
    this.#maybeLeet += 1;
    this.#noteSigns(text);
  }

  #takeLeet(parts: readonly ChunkPart[], { start, end }: DraftWord): void {
    this.#leetWords += 1;
    for (const part of parts) if (part.start >= start && part.end <= end) this.#noteSigns(part.text);
  }

  #noteSigns(text: string): void {
    for (const char of text) if (letterFor(char) !== undefined) this.#leet.add(char);
  }

  #count(parts: readonly ChunkPart[], start: number, end: number, by: number): void {
    const kinds = new Set<string>();
    for (const part of parts) if (part.isSign && part.start >= start && part.end <= end) kinds.add(signKind(part.text));
    for (const kind of kinds) this.#separators.set(kind, (this.#separators.get(kind) ?? 0) + by);
  }

  /** Honest words side by side say that their sign is used as it should be. */
  #isCompound({ parts, words }: ReadChunk): boolean {
    const book = this.#book;
    if (words.length < 2 || !words.every(({ text, tricks }) => tricks.length === 0 && text.length > 1 && book.has(text))) return false;
    return !book.has(parts.map(({ isSign, text }) => (isSign ? '' : text)).join(''));
  }

  habits(chunks: number): Habits | undefined {
    const isHabit = (count: number) => count >= MIN_WORDS && count * MAX_CHUNKS_PER_WORD >= chunks;
    const isLeet = isHabit(this.#leetWords + this.#maybeLeet) && (this.#leetWords > 0 || this.#maybeLeet > MIN_WORDS);
    const leet = isLeet ? withUsual(this.#leet) : new Set<string>();
    const separators = new Set([...this.#separators].flatMap(([sign, count]) => (isHabit(count) ? [sign] : [])));
    const stretches = isHabit(this.#stretched);
    return leet.size > 0 || separators.size > 0 || stretches ? { leet, separators, stretches } : undefined;
  }
}

/** Who writes two of these signs for letters writes the others too, though no word that could be read has them. */
function withUsual(signs: ReadonlySet<string>): Set<string> {
  const all = new Set(signs);
  for (const usual of USUAL) if (Array.from(usual).filter((sign) => signs.has(sign)).length > 1) for (const sign of usual) all.add(sign);
  return all;
}

const USUAL = ['013457', '@$!€+'];

/** Letter, sign, letter, sign: five letters of them, or more. */
function isSpelledOut(parts: readonly ChunkPart[]): boolean {
  if (parts.length < MIN_SPELLED * 2 - 1) return false;
  return parts.every(({ isSign, text }, at) => isSign === (at % 2 === 1) && (isSign || isLoneLetter(text)));
}
