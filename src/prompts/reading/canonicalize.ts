import type { TextSpan } from '../../contracts/finding.ts';
import { ALL_EFFORT, type ChunkPart, type Effort, readChunk, readWord } from './chunk.ts';
import { decode } from './decode.ts';
import { undoOverride } from './direction.ts';
import type { DraftWord } from './draft-word.ts';
import type { ReadChunk } from './habits.ts';
import { readLossy } from './lossy.ts';
import { normalize, type Piece } from './normalize.ts';
import { readNumbers } from './numbers.ts';
import type { Canonical, CanonicalWord, Trick, TrickKind } from './prompt-reading.ts';
import { readByHabit } from './read-by-habit.ts';
import { readScript, type ScriptContext, scriptContext } from './scripts.ts';
import { type SourceText, sourceOf, spanIn } from './source-text.ts';
import { hasRun, readSpaced } from './spaced.ts';
import { standardWordBook, type WordBook } from './word-book.ts';

/** Undoing one trick may lay another bare; text that needs more rounds than this is no text. */
const MAX_ROUNDS = 8;

/**
 * Reads a text as the words that a reader would see in it: folded, with every trick undone that can be undone into known
 * words. Every span lies in `text` itself. Canonicalizing the result again changes nothing. Takes any string; linear.
 */
export function canonicalize(text: string, book: WordBook = standardWordBook()): Canonical {
  return canonicalizeSource(sourceOf(text), book);
}

/** As `canonicalize`, for a text that has places of its own already. */
export function canonicalizeSource(given: SourceText, book: WordBook): Canonical {
  const source = undoOverride(
    decode(given, (content) => isReadable(content, book)),
    (turned, stored) => isBetterTurned(turned, stored, book),
  );
  const chunks = chunksOf(normalize(source.text), book);
  const words = settle(readNumbers(readByHabit(readChunks(chunks, book), book), book), book);
  const { places } = given;
  return toCanonical(words, source, places === undefined ? given.text.length : (places.ends.at(-1) ?? 0));
}

/** What each chunk says by itself. */
function readChunks(chunks: readonly ChunkPart[][], book: WordBook): ReadChunk[] {
  const effort: Effort = { left: ALL_EFFORT };
  return chunks.map((parts) => {
    const [only] = parts;
    // Most words of most texts need no reading.
    const isKnown = parts.length === 1 && only !== undefined && !only.isSign && book.has(only.text);
    return { parts, words: isKnown ? parts : readChunk(parts, book, effort) };
  });
}

/** Undoes what spans several words, until nothing changes any more. */
function settle(read: readonly DraftWord[], book: WordBook): readonly DraftWord[] {
  let words = read;
  for (let round = 0; round < MAX_ROUNDS && !isSettled(words, book); round++) {
    // The canonical view has single spaces only; whatever they give away must be read before it is written.
    const isLast = round > 0 || words.every(({ gap }) => gap === 1);
    const next = readLossy(readSpaced(words, book), book);
    if (isLast && next === words) break;
    const settled = next.map((word) => readWord(word.gap === 1 ? word : { ...word, gap: 1 }, book));
    if (isLast && isSame(settled, words)) break;
    words = settled;
  }
  return words;
}

function chunksOf(pieces: readonly Piece[], book: WordBook): ChunkPart[][] {
  const readMixed = scriptReader(pieces, book);
  const list = new ChunkList();
  for (const piece of pieces) {
    const { kind, start, end } = piece;
    if (kind === 'space') list.space(end - start);
    else if (kind === 'sign') list.sign(piece);
    else {
      const isPlain = piece.latin === undefined && piece.tricks === undefined;
      const { text, tricks } = isPlain ? { text: piece.text, tricks: NO_TRICKS } : readMixed(piece);
      if (text !== '') list.word(text, tricks, start, end);
    }
  }
  return list.finish();
}

/** What the other words of the text say is asked only where some word may be of two scripts. */
function scriptReader(pieces: readonly Piece[], book: WordBook) {
  let context: ScriptContext | undefined;
  return (piece: Piece) => {
    context ??= scriptContext(pieces);
    return readScript(piece, context, book);
  };
}

const NO_TRICKS: readonly TrickKind[] = [];
/** The signs that stand for a first or a last letter; all others before and after a word are punctuation. */
const OPENS_WORD = '$@€|£¢¥§+!(/\\[<';
const CLOSES_WORD = '$@€+!(*#•●■█_|)\\/]>';
const isOneOf = (sign: string, signs: string) => sign.length === 1 && signs.includes(sign);

/** Stretches without spaces in the making. */
class ChunkList {
  readonly #chunks: ChunkPart[][] = [];
  #open: ChunkPart[] = [];
  #gap = 1;

  word(text: string, tricks: readonly TrickKind[], start: number, end: number): void {
    this.#open.push({ text, tricks, start, end, gap: this.#gap, isSign: false });
  }

  sign({ text, start, end }: Piece): void {
    if (this.#open.length > 0 || isOneOf(text, OPENS_WORD))
      this.#open.push({ text, tricks: NO_TRICKS, start, end, gap: this.#gap, isSign: true });
  }

  /** A sign that stands alone parts what stands around it, and so its spaces count together: `m a n ' s`. */
  space(width: number): void {
    this.#gap = this.#close() || this.#chunks.length === 0 ? width : this.#gap + width;
  }

  finish(): ChunkPart[][] {
    this.#close();
    return this.#chunks;
  }

  /** True when there is a chunk. */
  #close(): boolean {
    const chunk = this.#open;
    for (let last = chunk.at(-1); last?.isSign === true && !isOneOf(last.text, CLOSES_WORD); last = chunk.at(-1)) chunk.pop();
    if (chunk.length === 0) return false;
    this.#chunks.push(chunk);
    this.#open = [];
    return true;
  }
}

const CHANGEABLE = /^[a-z]{2,}$/;

/** True when no step below could change anything: no unknown words, no runs of single letters. */
function isSettled(words: readonly DraftWord[], book: WordBook): boolean {
  if (hasRun(words)) return false;
  return words.every(({ text }) => book.has(text) || !CHANGEABLE.test(text));
}

function isSame(a: readonly DraftWord[], b: readonly DraftWord[]): boolean {
  return a.length === b.length && a.every((word, index) => word.text === b[index]?.text);
}

/** What looks like base64 and holds printable text with a word in it, or a further layer. */
function isReadable(content: string, book: WordBook): boolean {
  if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S}\s]+$/u.test(content)) return false;
  return knownLetters(content, book) > 2 || /^[\w+/=%&#;\\.,!'()*~-]{8,}$/.test(content);
}

/** In a script that runs from left to right an override turns what readers see, so stored order must earn its keep. */
function isBetterTurned(turned: string, stored: string, book: WordBook): boolean {
  const gain = knownLetters(turned, book) - knownLetters(stored, book);
  return gain > 0 || (gain === 0 && !RIGHT_TO_LEFT.test(stored) && /\p{L}/u.test(stored));
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

function knownLetters(text: string, book: WordBook): number {
  let letters = 0;
  for (const { kind, text: word } of normalize(text)) if (kind === 'word' && word.length > 2 && book.has(word)) letters += word.length;
  return letters;
}

/** More tricks than these are not listed. */
const MAX_TRICKS = 1000;

function toCanonical(drafts: readonly DraftWord[], source: SourceText, length: number): Canonical {
  const tricks: Trick[] = [];
  const note = (trick: Trick) => {
    const last = tricks.at(-1);
    const isSame =
      last !== undefined && last.kind === trick.kind && trick.span.start <= last.span.end + 1 && trick.span.start >= last.span.start;
    if (isSame)
      tricks[tricks.length - 1] = { kind: last.kind, span: { start: last.span.start, end: Math.max(last.span.end, trick.span.end) } };
    else if (tricks.length < MAX_TRICKS) tricks.push(trick);
  };
  for (const trick of source.undone) note(trick);
  const isDecoded = decodedPlaces(source, length);
  const words = drafts.map((draft): CanonicalWord => {
    const span = spanIn(source, draft.start, draft.end);
    for (const kind of draft.tricks) note({ kind, span });
    return { text: draft.text, span, undone: draft.tricks.length > 0 || isDecoded(span) };
  });
  return { text: words.map(({ text }) => text).join(' '), words, tricks };
}

function decodedPlaces(source: SourceText, length: number): (span: TextSpan) => boolean {
  if (source.undone.length === 0) return () => false;
  const places = new Uint8Array(length);
  for (const { span } of source.undone) places.fill(1, span.start, span.end);
  return ({ start, end }) => places.subarray(start, end).includes(1);
}
