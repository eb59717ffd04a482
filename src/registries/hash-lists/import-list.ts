import { randomUUID } from 'node:crypto';
import type { Category } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { PackTrust } from '../../prompts/gazetteers/trusted-pack.ts';
import type { Database } from '../../storage/database.ts';
import type { ListFormat } from './list-format.ts';
import { whyListDistrusted } from './list-seal.ts';
import { HashListRejected, LIST_NAME } from './load-hash-list.ts';
import { readRows } from './read-rows.ts';
import { Staging } from './staging.ts';
import { dropAbandoned, dropPages, putList, type StoredList } from './stored-list.ts';

export interface ImportWish {
  readonly name: string;
  readonly source: AsyncIterable<Uint8Array>;
  readonly format: ListFormat;
  readonly onBadRow: 'reject' | 'skip';
  /** Of entries that do not say one. */
  readonly category: Category | undefined;
  /** 64 bytes over `listStatement`. */
  readonly signature: Uint8Array | undefined;
  readonly by: string;
}

export interface ListGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly trust: PackTrust;
}

/** What became of a file: the list, and how many of its records were no hash of a picture, or withdrawn. */
export type Imported = Omit<StoredList, 'importedAt'> & { readonly ignored: number };

/**
 * Takes a list in place of the one of its name. The rows are staged while they are read, in bounded memory and without holding the database; then the
 * list changes and the ledger says so in one commit. When anything is wrong the list of before stays.
 * @throws ImprimaturError REQUEST_INVALID with the bad lines, or why the list is not trusted
 */
export async function importList(wish: ImportWish, { db, journal, trust }: ListGround): Promise<Imported> {
  if (!LIST_NAME.test(wish.name))
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'A name has 40 lower-case letters, digits and dashes at most.', param: 'name' });
  await dropAbandoned(db);
  const batch = randomUUID();
  try {
    const { digest, counts, skipped, ignored } = await stage(wish, batch, db);
    const { name, signature, by } = wish;
    const reason = whyListDistrusted({ name, digest, signature }, trust);
    if (reason !== undefined)
      throw new ImprimaturError('REQUEST_INVALID', { hint: `Not taken: ${reason}. Its digest is ${digest}.`, param: 'signature' });
    const list = { name, batch, digest, signature, counts, skipped, importedBy: by };
    await db.transaction(async (tx) => {
      await putList(tx, list);
      const isSigned = signature !== undefined;
      await journal.recordIn(tx, {}, [{ kind: 'hash_list.imported', list: name, digest, counts: { ...counts }, skipped, isSigned, by }]);
    });
    return { ...list, ignored };
  } catch (error) {
    await dropPages(db, batch).catch(() => undefined);
    if (error instanceof HashListRejected) throw new ImprimaturError('REQUEST_INVALID', { hint: error.message, cause: error });
    throw error;
  }
}

async function stage({ name, source, format, onBadRow, category }: ImportWish, batch: string, db: Database) {
  const staging = new Staging({ name, batch, onBadRow, category, db });
  for await (const { line, rows, isCut = false } of readRows(source, { format })) {
    // A row may be left out where the operator says so, and never the rest of the file.
    if (isCut && onBadRow === 'skip') throw new HashListRejected(name, [{ line, message: rows.join() }]);
    for (const row of rows) {
      const full = staging.take(row, line);
      if (full !== undefined) await full;
    }
  }
  return staging.finish();
}
