import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createJournal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { openDatabase } from '../../storage/open-database.ts';
import { createHashRegistry } from './hash-registry.ts';
import type { ImportWish } from './import-list.ts';
import { listStatement } from './list-seal.ts';
import { createManagedLists } from './managed-lists.ts';

const H64 = 'ab'.repeat(32);
const H32 = 'cd'.repeat(16);
const UNSIGNED = { publicKeys: [], allowUnsigned: true };
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const SIGNED = { publicKeys: [publicKey], allowUnsigned: false };

let folder = '';
let db: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'managed-lists-'));
  db = await openDatabase({ dataDir: folder });
  await migrate(db);
}, 60_000);
afterAll(async () => {
  await db?.close();
  await rm(folder, { recursive: true });
});
afterEach(() => db.query({ text: 'delete from hash_lists' }).then(() => db.query({ text: 'delete from hash_list_pages' })));

const journal = createJournal({ submit: () => Promise.reject(new Error('not in a transaction')), committed: () => undefined });
const open = (trust: Parameters<typeof createManagedLists>[1]['trust'] = UNSIGNED, configured = createHashRegistry([])) =>
  createManagedLists(configured, { db, journal, trust });
const wish = (text: string, more: Partial<ImportWish> = {}): ImportWish => ({
  name: 'list-a',
  source: Readable.from([Buffer.from(text)]),
  format: 'csv',
  onBadRow: 'reject',
  category: undefined,
  signature: undefined,
  by: 'local',
  ...more,
});
const countOf = async (text: string) =>
  Number((await db.query<{ count: string }>({ text: `select count(*) from ${text}` })).rows[0]?.count);
const entries = async () => {
  const { rows } = await db.query({ text: 'select entry from ledger_outbox order by id' });
  return rows
    .map((row) => z.object({ entry: z.instanceof(Uint8Array) }).parse(row))
    .map(({ entry }) => JSON.parse(Buffer.from(entry).toString()));
};

describe('lists that operators manage', () => {
  it('are not replaced by the beginning of a file, though bad rows may be left out', async () => {
    const lists = open();
    await lists.import(wish(`md5,${H32}\npdq,${H64}`));
    const image = (id: number) => `<image><id>${id}</id><fingerprints><md5>${H32}</md5></fingerprints></image>`;
    const xml = `<queryResult><images>${image(1)}${image(2)}</images></queryResult>`;
    const ncmec = { format: 'ncmec', onBadRow: 'skip' } as const;
    for (const cut of [xml.slice(0, -40), xml.slice(0, -10)])
      await expect(lists.import(wish(cut, ncmec))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await lists.list()).toMatchObject([{ counts: { pdq: 1, md5: 1 } }]);
    const odd = xml.replace(`<md5>${H32}`, '<md5>odd');
    expect(await lists.import(wish(odd, ncmec))).toMatchObject({ counts: { md5: 1 }, skipped: 1 });
  });

  it('are in force at once, here and after a look in another process, and gone when removed', async () => {
    const [here, there] = [open(), open()];
    const imported = await here.import(wish(`md5,${H32},hate\npdq,${H64}`));
    expect(imported).toMatchObject({ counts: { pdq: 1, sha256: 0, md5: 1 }, skipped: 0, ignored: 0 });
    expect(here.registry.matchExact('md5', H32)).toEqual([{ list: 'list-a', algorithm: 'md5', category: 'hate' }]);
    expect(here.registry).toMatchObject({ hasPdq: true, categories: ['hate'], exactAlgorithms: ['md5'] });
    const version = there.registry.version;
    await there.refresh();
    expect(there.registry.matchExact('md5', H32)).toHaveLength(1);
    expect(there.registry.version).not.toBe(version);
    await here.remove('list-a', 'local');
    await there.refresh();
    for (const { registry } of [here, there]) expect(registry.matchExact('md5', H32)).toEqual([]);
    expect(await countOf('hash_list_pages')).toBe(0);
    await expect(here.remove('list-a', 'local')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stand in the ledger with every change', async () => {
    const lists = open();
    const { digest } = await lists.import(wish(`md5,${H32}`));
    await lists.remove('list-a', 'local');
    expect((await entries()).slice(-2)).toEqual([
      expect.objectContaining({ kind: 'hash_list.imported', list: 'list-a', digest, isSigned: false, by: 'local' }),
      expect.objectContaining({ kind: 'hash_list.removed', list: 'list-a', digest, by: 'local' }),
    ]);
  });

  it('are not changed by a file with a bad row, which is named by its line; nothing of it stays', async () => {
    const lists = open();
    await lists.import(wish(`md5,${H32}`));
    const bad = `sha256,${H64}\nmd5,zz\nmd5,${H32}\npdq,1`;
    await expect(lists.import(wish(bad))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      publicMessage: expect.stringContaining('line 2: md5 must be 32 hex digits; line 4: pdq must be 64 hex digits'),
    });
    expect(lists.registry.exactAlgorithms).toEqual(['md5']);
    expect(await countOf('hash_list_pages')).toBe(1);
    expect(await lists.import(wish(bad, { onBadRow: 'skip' }))).toMatchObject({ skipped: 2, counts: { sha256: 1, md5: 1, pdq: 0 } });
    expect(lists.registry.exactAlgorithms).toEqual(['sha256', 'md5']);
  });

  it('take neither an empty file, nor a bad name, nor one of the configuration', async () => {
    const lists = open(UNSIGNED, createHashRegistry([{ name: 'list-b', entries: [] }]));
    await expect(lists.import(wish('# nothing\n'))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(lists.import(wish(`md5,${H32}`, { name: 'List A' }))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(lists.import(wish(`md5,${H32}`, { name: 'list-b' }))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('are exported as they came, over several pages, with the digest of the list', async () => {
    const lists = open();
    const rows = Array.from({ length: 9_000 }, (_, i) => `md5,${i.toString(16).padStart(32, '0')}${i % 3 === 0 ? ',hate,A1,row "x"' : ''}`);
    const text = `${rows.map((row) => row.replace(/row "x"$/, '"row ""x"""')).join('\n')}\n`;
    await lists.import(wish(text));
    expect(await textOf(Readable.from(await lists.export('list-a', 'csv')))).toBe(text);
    await expect(lists.export('list-a', 'stopncii')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(lists.export('other', 'csv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(lists.registry.matchExact('md5', (8_999).toString(16).padStart(32, '0'))).toHaveLength(1);
  });

  it('are taken with a signature over their name and digest alone, where a key is configured', async () => {
    const { digest } = await open().import(wish(`md5,${H32}`));
    const lists = open(SIGNED);
    const signature = sign(null, Buffer.from(listStatement('list-a', digest)), privateKey);
    await expect(lists.import(wish(`md5,${H32}`))).rejects.toThrow('no signature');
    await expect(lists.import(wish(`md5,${H32}\nmd5,${'0'.repeat(32)}`, { signature }))).rejects.toThrow('does not fit');
    await expect(lists.import(wish(`md5,${H32}`, { signature, name: 'other' }))).rejects.toThrow('does not fit');
    await lists.import(wish(`MD5,${H32}`.toLowerCase(), { signature }));
    expect(lists.registry.matchExact('md5', H32)).toHaveLength(1);
    await expect(open().import(wish(`md5,${H32}`, { signature }))).rejects.toThrow('no public key');
  });

  it('are not loaded when somebody changed their rows in the database, or took the signature away', async () => {
    const lists = open();
    const { digest } = await lists.import(wish(`md5,${H32}`));
    await expect(open(SIGNED).refresh()).rejects.toThrow('no signature');
    await db.query({ text: `update hash_list_pages set rows = overlay(rows placing '\\x00'::bytea from 3)` });
    const other = open();
    await expect(other.refresh()).rejects.toThrow('not those that were imported');
    expect(other.registry.counts).toEqual([]);
    expect(digest).toHaveLength(64);
    await db.query({ text: `update hash_list_pages set rows = '\\x0007'::bytea` });
    await expect(open().refresh()).rejects.toThrow('damaged');
  });
});
