import { setImmediate } from 'node:timers/promises';
import type { Category } from '../../contracts/category.ts';
import type { Queryable } from '../../storage/database.ts';
import type { ReadRow } from './exchange-rows.ts';
import type { HashEntry, RowProblem } from './hash-entry.ts';
import { ListDigest } from './list-seal.ts';
import { HashListRejected, MOST_PROBLEMS } from './load-hash-list.ts';
import { PAGE_ROWS } from './packed-rows.ts';
import { stagePage } from './stored-list.ts';

/** More take more memory than a gateway has. */
const MOST_ROWS = 50_000_000;

interface StagingParts {
  readonly name: string;
  readonly batch: string;
  readonly onBadRow: 'reject' | 'skip';
  /** Of entries that do not say one. */
  readonly category: Category | undefined;
  readonly db: Queryable;
}

/** A list while it comes in: its rows go to the database a page at a time. */
export class Staging {
  readonly #parts: StagingParts;
  readonly #digest = new ListDigest();
  readonly #counts = { pdq: 0, sha256: 0, md5: 0 };
  readonly #problems: RowProblem[] = [];
  #page: HashEntry[] = [];
  #pages = 0;
  #taken = 0;
  #bad = 0;
  #ignored = 0;

  constructor(parts: StagingParts) {
    this.#parts = parts;
  }

  /** Where a page is full there is something to wait for; for most rows there is not. @throws HashListRejected when the list is too long */
  take(row: ReadRow, line: number): Promise<void> | undefined {
    if (row === null) this.#ignored += 1;
    else if (typeof row === 'string') this.#note(line, row);
    else {
      this.#taken += 1;
      if (this.#taken > MOST_ROWS) throw this.#rejected(line, `a list has ${MOST_ROWS} rows at most`);
      this.#counts[row.algorithm] += 1;
      const { category } = this.#parts;
      this.#page.push(row.category === undefined && category !== undefined ? { ...row, category } : row);
      if (this.#page.length === PAGE_ROWS) return this.#flush();
    }
    return undefined;
  }

  /** @throws HashListRejected with the bad lines, or when there is nothing in the list */
  async finish() {
    await this.#flush();
    if (this.#isRefused()) throw new HashListRejected(this.#parts.name, this.#problems, this.#bad);
    if (this.#taken === 0) throw this.#rejected(0, 'there is no hash of a picture in it');
    return { digest: this.#digest.finish(), counts: this.#counts, skipped: this.#bad, ignored: this.#ignored };
  }

  #note(line: number, message: string): void {
    this.#bad += 1;
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ line, message });
  }

  async #flush(): Promise<void> {
    const page = this.#page;
    this.#page = [];
    // Once it is refused the rest is read for its bad rows alone.
    if (page.length === 0 || this.#isRefused()) return;
    this.#digest.add(page);
    await stagePage(this.#parts.db, this.#parts.batch, this.#pages, page);
    this.#pages += 1;
    // A generation must not wait for a list of millions.
    await setImmediate();
  }

  #isRefused(): boolean {
    return this.#bad > 0 && this.#parts.onBadRow === 'reject';
  }

  #rejected(line: number, message: string): HashListRejected {
    return new HashListRejected(this.#parts.name, [{ line, message }]);
  }
}
