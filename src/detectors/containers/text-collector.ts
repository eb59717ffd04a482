import { inflateSync } from 'node:zlib';
import { type FileProblem, hostile, type LabeledText, MAX_LABELED_CHARS, MAX_TEXT_CHARS, malformed } from './container-report.ts';

/** Inflated metadata beyond this is no description; a 1,000-fold deflate bomb of 50 MB would be 50 GB. */
const MAX_INFLATED_BYTES = 1024 * 1024;
const MAX_TEXTS = 64;
/** Labels are kept when the words below them are not any more: that there is a workflow says who wrote the file. */
const MAX_LABEL_CHARS = 80;

/** Gathers text found in a file, within bounds, whatever the file claims about lengths. */
export class TextCollector {
  readonly texts: string[] = [];
  readonly labeled: LabeledText[] = [];
  readonly problems: FileProblem[] = [];
  #charsLeft = MAX_TEXT_CHARS;
  #labeledLeft = MAX_LABELED_CHARS;
  #inflateLeft = MAX_INFLATED_BYTES;

  /** Words that may be a prompt or a description. With a label such as `png:parameters` they are kept under it as well. */
  add(text: string, label?: string): void {
    if (label !== undefined) this.note(label, text);
    const kept = text.slice(0, this.#charsLeft).trim();
    if (kept === '' || this.texts.length >= MAX_TEXTS) return;
    this.#charsLeft -= kept.length;
    this.texts.push(kept);
  }

  /** What stands in a named field and is no description, such as a camera's name or a whole XMP packet. */
  note(label: string, text: string): void {
    if (this.labeled.length >= MAX_TEXTS) return;
    const kept = text.slice(0, this.#labeledLeft);
    this.#labeledLeft -= kept.length;
    this.labeled.push({ label: label.slice(0, MAX_LABEL_CHARS), text: kept });
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
