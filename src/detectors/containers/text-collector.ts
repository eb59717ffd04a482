import { inflateSync } from 'node:zlib';
import { type FileProblem, hostile, MAX_TEXT_CHARS, malformed } from './container-report.ts';

/** Inflated metadata beyond this is no description; a 1,000-fold deflate bomb of 50 MB would be 50 GB. */
const MAX_INFLATED_BYTES = 1024 * 1024;
const MAX_TEXTS = 64;

/** Gathers text found in a file, within bounds, whatever the file claims about lengths. */
export class TextCollector {
  readonly texts: string[] = [];
  readonly problems: FileProblem[] = [];
  #charsLeft = MAX_TEXT_CHARS;
  #inflateLeft = MAX_INFLATED_BYTES;

  add(text: string): void {
    const kept = text.slice(0, this.#charsLeft).trim();
    if (kept === '' || this.texts.length >= MAX_TEXTS) return;
    this.#charsLeft -= kept.length;
    this.texts.push(kept);
  }

  /** Adds zlib-compressed text; inflates at most what is left of one mebibyte for the whole file. */
  addDeflated(compressed: Uint8Array, encoding: 'latin1' | 'utf8', use: (text: string) => void = (text) => this.add(text)): void {
    if (this.#inflateLeft <= 0) return;
    try {
      const inflated = inflateSync(compressed, { maxOutputLength: this.#inflateLeft });
      this.#inflateLeft -= inflated.length;
      use(inflated.toString(encoding));
    } catch (error) {
      const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      this.problems.push(tooLarge ? hostile('metadata_bomb') : malformed('metadata_undecodable'));
      this.#inflateLeft = tooLarge ? 0 : this.#inflateLeft;
    }
  }
}
