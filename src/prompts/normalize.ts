import { foldChar } from './fold-char.ts';

/** One piece of a prompt. `start` and `end` are the UTF-16 positions that it takes in the text of the user. */
export interface Piece {
  /** `sign`: punctuation, symbols, emoji. */
  readonly kind: 'word' | 'sign' | 'space';
  /** Folded text; empty for nothing but invisible characters. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

type RunKind = Piece['kind'];

/**
 * Folds a prompt (NFKC, case, marks, strokes, fancy letters, invisible and direction characters) and cuts it into words,
 * signs and spaces. Linear in the length of the text; any string will do, lone surrogates included. The pieces are the
 * map back to what the user wrote; only the ideographs of one compatibility character share their place. The direction of text is not undone: a word stored backwards stays backwards.
 */
export function normalize(text: string): Piece[] {
  const pieces: Piece[] = [];
  let kind: RunKind | undefined;
  let run = '';
  let start = 0;
  const flush = (end: number) => {
    if (kind !== undefined && end > start) pieces.push({ kind, text: run, start, end });
    kind = undefined;
  };
  for (let at = 0; at < text.length; ) {
    const codePoint = text.codePointAt(at) ?? 0;
    const next = at + (codePoint > 0xffff ? 2 : 1);
    const folded = foldChar(codePoint);
    if (folded.kind === 'ideograph') {
      flush(at);
      for (const ideograph of folded.text) pieces.push({ kind: 'word', text: ideograph, start: at, end: next });
    } else if (folded.kind !== 'nothing') {
      const runKind = RUN_KIND[folded.kind];
      if (runKind !== kind || runKind === 'sign') {
        flush(at);
        kind = runKind;
        run = folded.text;
        start = at;
      } else run += folded.text;
    }
    at = next;
  }
  flush(text.length);
  return pieces;
}

const RUN_KIND = { letter: 'word', space: 'space', other: 'sign' } as const;

/** The folded words of a text, for terms and tests. */
export function wordsOf(text: string): string[] {
  return normalize(text)
    .filter((piece) => piece.kind === 'word')
    .map((piece) => piece.text);
}
