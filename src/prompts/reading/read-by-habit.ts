import { type ChunkPart, CLITIC, isApostrophe } from './chunk.ts';
import { type DraftWord, joined } from './draft-word.ts';
import { type Habits, habitsOf, MAX_CHUNK_PARTS, type ReadChunk, signKind } from './habits.ts';
import { letterFor, readLeet } from './leet.ts';
import { isCount, SHORT_WORDS } from './numbers.ts';
import type { TrickKind } from './prompt-reading.ts';
import { isLoneLetter } from './scripts.ts';
import { lessStretched, unstretch } from './stretch.ts';
import type { WordBook } from './word-book.ts';

/**
 * Where several words of a text were undone in the same way, undoes it in the other words too: those that the book does
 * not know, and short ones, which alone would prove nothing (`7h3 rutk0w5k1 0f 4 m4n`). Without a habit the words come
 * back as they were read.
 */
export function readByHabit(chunks: readonly ReadChunk[], book: WordBook): DraftWord[] {
  const habits = habitsOf(chunks, book);
  const read: DraftWord[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const isDone = habits === undefined || isPlain(chunk, habits, book);
    const words = isDone ? chunk.words : readAgain(chunk, chunks[index + 1]?.words[0]?.text ?? '', { habits, book });
    for (const word of words) read.push(word);
  }
  return read;
}

function isPlain({ parts, words }: ReadChunk, { leet, separators }: Habits, book: WordBook): boolean {
  if (parts.length > MAX_CHUNK_PARTS) return true;
  const isSpelled = ({ start, end }: ChunkPart) =>
    words.some((word) => word.tricks.includes('leetspeak') && word.start <= start && end <= word.end);
  const isSuspect = (part: ChunkPart) => part.isSign && ((leet.has(part.text) && !isSpelled(part)) || separators.has(signKind(part.text)));
  if (words.length === 0 || parts.some(isSuspect)) return false;
  return words.every(
    ({ text, tricks }) => book.has(text) && !tricks.includes('repetition') && (text.length > 1 || text === 'a' || text === 'i'),
  );
}

interface Reader {
  readonly habits: Habits;
  readonly book: WordBook;
}

/** Parts that are one word for somebody with these habits. */
interface Piece {
  text: string;
  readonly parts: ChunkPart[];
  readonly tricks: Set<TrickKind>;
  readonly followsApostrophe: boolean;
}

function readAgain({ parts, words }: ReadChunk, next: string, reader: Reader): readonly DraftWord[] {
  const pieces = piecesOf(parts, reader);
  const read = pieces.map((piece) => {
    const text = readPiece(piece, next, reader);
    return { ...joined(piece.parts, text, 'punctuation'), tricks: [...piece.tricks] };
  });
  return read.length > 0 && isBetter(read, { parts, words }, reader.book) ? read : words;
}

/** Honest words with a sign between them stay apart, unless they make one word together. */
function isBetter(read: readonly DraftWord[], { parts, words }: ReadChunk, book: WordBook): boolean {
  if (read.some(({ tricks }) => tricks.includes('leetspeak'))) return true;
  const isHonest = words.every(({ text, tricks }) => tricks.length === 0 && text.length > 1 && book.has(text));
  return !isHonest || parts.filter(({ text }) => isLoneLetter(text)).length > 1 || read.every(({ text }) => book.has(text));
}

function piecesOf(parts: readonly ChunkPart[], { habits: { leet, separators }, book }: Reader): Piece[] {
  const pieces: Piece[] = [];
  let open: Piece | undefined;
  let before: ChunkPart | undefined;
  for (const part of parts) {
    // `girl!` shouts.
    const isShout = part.text === '!' && part === parts.at(-1) && book.has(open?.text ?? '');
    if (!part.isSign || (leet.has(part.text) && !isShout)) {
      if (open === undefined) {
        open = pieceAfter(before);
        pieces.push(open);
      }
      extend(open, part, before);
    } else if (!separators.has(signKind(part.text))) open = undefined;
    before = part;
  }
  return pieces;
}

function pieceAfter(before: ChunkPart | undefined): Piece {
  return { text: '', parts: [], tricks: new Set(), followsApostrophe: before !== undefined && isApostrophe(before) };
}

function extend(piece: Piece, part: ChunkPart, before: ChunkPart | undefined): void {
  if (piece.parts.length > 0 && piece.parts.at(-1) !== before) piece.tricks.add('punctuation');
  piece.text += part.text;
  piece.parts.push(part);
  for (const trick of part.tricks) piece.tricks.add(trick);
}

function readPiece({ text, tricks, followsApostrophe }: Piece, next: string, { habits, book }: Reader): string {
  if (book.has(text) && !STRETCHED.test(text)) return text;
  const spelled = habits.leet.size > 0 ? spelledOf(text, next, { habits, book }, followsApostrophe) : text;
  if (spelled !== text) tricks.add('leetspeak');
  if (!habits.stretches || !STRETCHED.test(spelled)) return spelled;
  tricks.add('repetition');
  const short = lessStretched(spelled);
  return book.has(short) ? short : (unstretch(spelled, book, true) ?? short);
}

const STRETCHED = /([^0-9])\1\1/u;
const ONLY_DIGITS = /^[0-9]+$/;
const STARTS_WITH_DIGIT = /^[0-9]/;
const HAS_SIGN = /[^\p{L}]/u;
const MAYBE_UNIT = /^(?:\d+[a-z]{1,3}|[a-z]{1,2}\d+)$/;

/** The letters of a word in leetspeak; a number stays one wherever it may be meant as such. */
function spelledOf(text: string, next: string, { habits, book }: Reader, followsApostrophe: boolean): string {
  if (!HAS_SIGN.test(text)) return text;
  const read = readLeet(text, book);
  if (read !== undefined) return read;
  const letters = Array.from(text, (char) => (habits.leet.has(char) ? (letterFor(char) ?? char) : char)).join('');
  if (HAS_SIGN.test(letters)) return text;
  if (followsApostrophe && CLITIC.test(letters)) return letters;
  if (ONLY_DIGITS.test(text)) {
    const isMeant = letters === 'i' || SHORT_WORDS.has(letters) || (letters.length > 2 && book.has(letters));
    // With this habit what starts with a digit is a word more often than a number: `15 4 50f4`.
    return isMeant && (STARTS_WITH_DIGIT.test(next) || !isCount(next)) ? letters : text;
  }
  return MAYBE_UNIT.test(text) && !SHORT_WORDS.has(letters) && !(letters.length > 2 && book.has(letters)) ? text : letters;
}
