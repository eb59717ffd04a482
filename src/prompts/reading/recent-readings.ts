import type { PromptReading } from './prompt-reading.ts';
import type { WordBook } from './word-book.ts';

const MOST_READINGS = 16;
const LONGEST_KEPT_CHARS = 8_192;

/** The last sixteen readings for each word book, of texts of at most 8,192 UTF-16 units: a few megabytes at worst. */
export class RecentReadings {
  readonly #ofBook = new WeakMap<WordBook, Map<string, PromptReading>>();

  get(text: string, book: WordBook, read: (text: string, book: WordBook) => PromptReading): PromptReading {
    if (text.length > LONGEST_KEPT_CHARS) return read(text, book);
    const kept = this.#of(book);
    const known = kept.get(text);
    if (known !== undefined) return known;
    const reading = read(text, book);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= MOST_READINGS) kept.delete(oldest);
    kept.set(text, reading);
    return reading;
  }

  #of(book: WordBook): Map<string, PromptReading> {
    const known = this.#ofBook.get(book);
    if (known !== undefined) return known;
    const made = new Map<string, PromptReading>();
    this.#ofBook.set(book, made);
    return made;
  }
}
