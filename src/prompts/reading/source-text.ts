import type { TextSpan } from '../../contracts/finding.ts';
import type { TrickKind } from './prompt-reading.ts';

/** A text on its way to being read, with the place of each of its UTF-16 units in what the user sent. */
export interface SourceText {
  readonly text: string;
  /** Where unit `i` starts and ends for the user; absent while the text is what the user sent. */
  readonly places: { readonly starts: Int32Array; readonly ends: Int32Array } | undefined;
  /** Encodings and directions undone so far. */
  readonly undone: readonly { readonly kind: TrickKind; readonly span: TextSpan }[];
}

export function sourceOf(text: string): SourceText {
  return { text, places: undefined, undone: [] };
}

/** The user's own range for a range of `source.text`. Never empty for a range that is not. */
export function spanIn(source: SourceText, start: number, end: number): TextSpan {
  if (source.places === undefined) return { start, end };
  const { starts, ends } = source.places;
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  // Undoing a direction turns the order round, so the ends of the range are not always its first and last unit.
  for (let at = start; at < end; at++) {
    low = Math.min(low, starts[at] ?? 0);
    high = Math.max(high, ends[at] ?? 0);
  }
  return low < high ? { start: low, end: high } : { start: 0, end: 0 };
}

/** Writes a changed text unit by unit, with the places carried over from `source`. */
export class SourceWriter {
  readonly #source: SourceText;
  readonly #chunks: string[] = [];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #undone: { kind: TrickKind; span: TextSpan }[];
  #length = 0;

  /** No step may write more than it reads, so nothing can grow. */
  constructor(source: SourceText) {
    this.#source = source;
    this.#starts = new Int32Array(source.text.length);
    this.#ends = new Int32Array(source.text.length);
    this.#undone = [...source.undone];
  }

  copy(from: number, to: number): void {
    for (let at = from; at < to; at++) this.#place(at, at + 1);
    this.#chunks.push(this.#source.text.slice(from, to));
  }

  /** `text` stands for the units from `from` to `to`. */
  put(text: string, from: number, to: number): void {
    for (let unit = 0; unit < text.length; unit++) this.#place(from, to);
    this.#chunks.push(text);
  }

  note(kind: TrickKind, from: number, to: number): void {
    this.#undone.push({ kind, span: spanIn(this.#source, from, to) });
  }

  #place(from: number, to: number): void {
    const { places } = this.#source;
    this.#starts[this.#length] = places === undefined ? from : (places.starts[from] ?? 0);
    this.#ends[this.#length] = places === undefined ? to : (places.ends[to - 1] ?? 0);
    this.#length += 1;
  }

  finish(): SourceText {
    const places = { starts: this.#starts.subarray(0, this.#length), ends: this.#ends.subarray(0, this.#length) };
    return { text: this.#chunks.join(''), places, undone: this.#undone };
  }
}
