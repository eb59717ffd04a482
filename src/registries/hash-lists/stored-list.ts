import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import type { HashEntry } from './hash-entry.ts';
import { type PackedPage, packRows, unpackRows } from './packed-rows.ts';

/** A list that operators manage, without its rows. */
export interface StoredList {
  readonly name: string;
  /** Names its pages; another for each import. */
  readonly batch: string;
  /** Hex SHA-256 of its rows in our CSV form. */
  readonly digest: string;
  readonly signature: Uint8Array | undefined;
  readonly counts: { readonly pdq: number; readonly sha256: number; readonly md5: number };
  /** Lines of the file that were left out because they were bad. */
  readonly skipped: number;
  readonly importedBy: string;
  readonly importedAt: Date;
}

const count = z.int().nonnegative();
const row = z.object({
  name: z.string(),
  batch: z.string(),
  digest: z.string(),
  signature: z.instanceof(Uint8Array).nullable(),
  counts: z.object({ pdq: count, sha256: count, md5: count }),
  skipped: count,
  imported_by: z.string(),
  imported_at: z.date(),
});

/** By name. */
export async function storedLists(db: Queryable): Promise<readonly StoredList[]> {
  const { rows } = await db.query({ name: 'hash-lists', text: 'select * from hash_lists order by name' });
  return rows.map((found) => {
    const { signature, imported_by, imported_at, ...list } = row.parse(found);
    return { ...list, signature: signature ?? undefined, importedBy: imported_by, importedAt: imported_at };
  });
}

/** The rows of a list in their order, a page at a time. @throws RangeError when a page is damaged */
export async function* storedPages(db: Queryable, batch: string): AsyncGenerator<readonly HashEntry[]> {
  const page = z.object({ notes: z.unknown(), rows: z.instanceof(Uint8Array) });
  for (let number = 0; ; number++) {
    const { rows } = await db.query({
      name: 'hash-list-page',
      text: 'select notes, rows from hash_list_pages where batch = $1 and page = $2',
      values: [batch, number],
    });
    if (rows[0] === undefined) return;
    const found = page.parse(rows[0]);
    // The embedded database answers without ever letting others work.
    await setImmediate();
    yield unpackRows(found.notes, found.rows);
  }
}

/** Stores a page that belongs to no list yet. */
export async function stagePage(db: Queryable, batch: string, number: number, entries: readonly HashEntry[]): Promise<void> {
  const { notes, rows }: PackedPage = packRows(entries);
  await db.query({
    name: 'stage-hash-list-page',
    text: 'insert into hash_list_pages (batch, page, notes, rows) values ($1, $2, $3, $4)',
    values: [batch, number, JSON.stringify(notes), rows],
  });
}

/** Puts a list in the place of the one of its name, whose pages go. */
export async function putList(tx: Queryable, list: Omit<StoredList, 'importedAt'>): Promise<void> {
  await dropList(tx, list.name);
  await tx.query({
    text: `insert into hash_lists (name, batch, digest, signature, counts, skipped, imported_by) values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [list.name, list.batch, list.digest, list.signature ?? null, JSON.stringify(list.counts), list.skipped, list.importedBy],
  });
}

/** The digest of the list that is gone now; null when there was none. */
export async function dropList(tx: Queryable, name: string): Promise<string | null> {
  const { rows } = await tx.query({ text: 'delete from hash_lists where name = $1 returning batch, digest', values: [name] });
  if (rows[0] === undefined) return null;
  const { batch, digest } = z.object({ batch: z.string(), digest: z.string() }).parse(rows[0]);
  await dropPages(tx, batch);
  return digest;
}

export async function dropPages(db: Queryable, batch: string): Promise<void> {
  await db.query({ text: 'delete from hash_list_pages where batch = $1', values: [batch] });
}

/** Pages of imports that ended in the middle, a day ago or earlier: until then somebody may still be at it. */
export async function dropAbandoned(db: Queryable): Promise<void> {
  await db.query({
    text: `delete from hash_list_pages where staged_at < now() - interval '1 day' and not exists (select from hash_lists l where l.batch = hash_list_pages.batch)`,
  });
}
