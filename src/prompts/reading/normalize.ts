import { type FoldedChar, foldChar, IDEOGRAPH } from './fold-char.ts';
import type { TrickKind } from './prompt-reading.ts';

/** One piece of a prompt. `start` and `end` are the UTF-16 positions that it takes in the text of the user. */
export interface Piece {
  /** `sign`: punctuation, symbols, emoji. */
  readonly kind: 'word' | 'sign' | 'space';
  /** Folded text; empty for nothing but invisible characters. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The word with the letters of other scripts read as the Latin letters that they look like, when it has such letters. */
  readonly latin?: string;
  /** Characters in it that nobody writes in an honest word. */
  readonly tricks?: readonly TrickKind[];
}

/**
 * Folds a prompt (NFKC, case, marks, strokes, fancy letters, invisible and direction characters) and cuts it into words,
 * signs and spaces. Linear in the length of the text; any string will do, lone surrogates included. The pieces are the
 * map back to what the user wrote; only the ideographs of one compatibility character share their place. The direction
 * of text is not undone: a word stored backwards stays backwards.
 */
export function normalize(text: string): Piece[] {
  const pieces = new PieceList();
  for (let at = 0; at < text.length; ) {
    let end = endOfPlainRun(text, at);
    if (end > at) pieces.takePlain(lowerCase(text, at, end), at, end);
    else {
      const codePoint = text.codePointAt(at) ?? 0;
      end = at + (codePoint > 0xffff ? 2 : 1);
      pieces.take(foldChar(codePoint), at, end);
    }
    at = end;
  }
  return pieces.finish();
}

const PLAIN = Uint8Array.from({ length: 128 }, (_, code) => Number(/[A-Za-z0-9]/.test(String.fromCharCode(code))));

/** Most of most texts is ASCII letters; they need no look-up of their own. */
function endOfPlainRun(text: string, from: number): number {
  let end = from;
  while (PLAIN[text.charCodeAt(end)] === 1) end += 1;
  return end;
}

/** ASCII letters and digits in lower case; most have no other. */
function lowerCase(text: string, from: number, to: number): string {
  const run = text.slice(from, to);
  for (let at = from; at < to; at++) if (text.charCodeAt(at) <= LAST_CAPITAL && text.charCodeAt(at) > LAST_DIGIT) return run.toLowerCase();
  return run;
}

const LAST_DIGIT = 57;
const LAST_CAPITAL = 90;
const RUN_KIND = { letter: 'word', space: 'space', other: 'sign' } as const;
/** More marks than this on one letter are no accent: Vietnamese and pointed Hebrew need three. */
const MAX_MARKS = 3;

/** Joins letters to words and spaces to gaps; signs and ideographs stand alone. */
class PieceList {
  readonly #pieces: Piece[] = [];
  #kind: Piece['kind'] | undefined;
  #run = '';
  #start = 0;
  #end = 0;
  #latin: string | undefined;
  #tricks: TrickKind[] | undefined;
  /** A trick that counts only if the word goes on: an emoji's joiner at its end hides nothing. */
  #pending: TrickKind | undefined;
  #marks = 0;

  take(folded: FoldedChar, start: number, end: number): void {
    if (folded.kind === 'nothing') this.#skip(folded.trick, end);
    else if (folded.kind === 'ideograph') for (const char of folded.text) this.#takeIdeograph(char, start, end);
    else this.#extend(RUN_KIND[folded.kind], folded, start, end);
  }

  /** ASCII letters and digits in lower case. */
  takePlain(text: string, start: number, end: number): void {
    this.#extend('word', { kind: 'letter', text }, start, end);
  }

  #skip(trick: TrickKind | undefined, end: number): void {
    if (this.#kind !== 'word') return;
    this.#marks += 1;
    if (trick !== 'invisible') this.#end = end;
    if (trick === 'marks' || this.#marks > MAX_MARKS) this.#note(trick === 'invisible' ? 'invisible' : 'marks');
    else if (trick !== undefined) this.#pending = trick;
  }

  #note(trick: TrickKind): void {
    if (this.#tricks === undefined) this.#tricks = [trick];
    else if (!this.#tricks.includes(trick)) this.#tricks.push(trick);
  }

  #takeIdeograph(char: string, start: number, end: number): void {
    if (!IDEOGRAPH.test(char)) {
      this.#extend('word', { kind: 'letter', text: char }, start, end);
      return;
    }
    this.finish();
    this.#pieces.push({ kind: 'word', text: char, start, end });
  }

  #extend(runKind: Piece['kind'], { text, latin, trick }: FoldedChar, start: number, end: number): void {
    if (runKind !== this.#kind || runKind === 'sign') {
      this.finish();
      this.#kind = runKind;
      this.#start = start;
    }
    this.#end = end;
    this.#marks = 0;
    if (latin !== undefined) this.#latin = (this.#latin ?? this.#run) + latin;
    else if (this.#latin !== undefined) this.#latin += text;
    if (trick !== undefined) this.#note(trick);
    if (this.#pending !== undefined) this.#note(this.#pending);
    this.#pending = undefined;
    this.#run += text;
  }

  finish(): Piece[] {
    if (this.#kind !== undefined) {
      const piece = { kind: this.#kind, text: this.#run, start: this.#start, end: this.#end };
      const [latin, tricks] = [this.#latin, this.#tricks];
      if (latin === undefined && tricks === undefined) this.#pieces.push(piece);
      else this.#pieces.push({ ...piece, ...(latin === undefined ? {} : { latin }), ...(tricks === undefined ? {} : { tricks }) });
      this.#latin = undefined;
      this.#tricks = undefined;
    }
    this.#kind = undefined;
    this.#run = '';
    this.#pending = undefined;
    this.#marks = 0;
    return this.#pieces;
  }
}

/** The folded words of a text, for terms and tests. */
export function wordsOf(text: string): string[] {
  return normalize(text)
    .filter((piece) => piece.kind === 'word')
    .map((piece) => piece.text);
}
