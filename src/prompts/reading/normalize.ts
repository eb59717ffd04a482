import { type FoldedChar, foldChar, IDEOGRAPH } from './fold-char.ts';

/** One piece of a prompt. `start` and `end` are the UTF-16 positions that it takes in the text of the user. */
export interface Piece {
  /** `sign`: punctuation, symbols, emoji. */
  readonly kind: 'word' | 'sign' | 'space';
  /** Folded text; empty for nothing but invisible characters. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
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
    const codePoint = text.codePointAt(at) ?? 0;
    const end = at + (codePoint > 0xffff ? 2 : 1);
    pieces.take(foldChar(codePoint), at, end);
    at = end;
  }
  return pieces.finish(text.length);
}

const RUN_KIND = { letter: 'word', space: 'space', other: 'sign' } as const;

/** Joins letters to words and spaces to gaps; signs and ideographs stand alone. */
class PieceList {
  readonly #pieces: Piece[] = [];
  #kind: Piece['kind'] | undefined;
  #run = '';
  #start = 0;

  take({ kind, text }: FoldedChar, start: number, end: number): void {
    if (kind === 'nothing') return;
    if (kind === 'ideograph') {
      for (const char of text) this.#takeIdeograph(char, start, end);
      return;
    }
    this.#extend(RUN_KIND[kind], text, start);
  }

  #takeIdeograph(char: string, start: number, end: number): void {
    if (!IDEOGRAPH.test(char)) {
      this.#extend('word', char, start);
      return;
    }
    // What one compatibility character holds before its ideograph ends where that character ends.
    this.finish(this.#kind !== undefined && this.#start === start ? end : start);
    this.#pieces.push({ kind: 'word', text: char, start, end });
  }

  #extend(runKind: Piece['kind'], text: string, start: number): void {
    if (runKind === this.#kind && runKind !== 'sign') this.#run += text;
    else {
      this.finish(start);
      this.#kind = runKind;
      this.#run = text;
      this.#start = start;
    }
  }

  finish(end: number): Piece[] {
    if (this.#kind !== undefined) this.#pieces.push({ kind: this.#kind, text: this.#run, start: this.#start, end });
    this.#kind = undefined;
    return this.#pieces;
  }
}

/** The folded words of a text, for terms and tests. */
export function wordsOf(text: string): string[] {
  return normalize(text)
    .filter((piece) => piece.kind === 'word')
    .map((piece) => piece.text);
}
