import { expect, it } from 'vitest';
import { describeEachEngine } from '../../test/postgres/databases.ts';
import type { Database } from './database.ts';

const rowsIn = async (db: Database) => (await db.query({ text: 'select n from numbers order by n' })).rows.map((row) => row['n']);

describeEachEngine('a database', (open, kind) => {
  const openWithTable = async () => {
    const db = await open();
    await db.query({ text: 'create table numbers (n int primary key)' });
    return db;
  };
  const insert = (n: number) => ({ name: 'insert', text: 'insert into numbers values ($1)', values: [n] });

  it('gives bigint as string, jsonb as object, bytea as Buffer and timestamptz as Date', async () => {
    const db = await open();
    const text = `select 9007199254740993::bigint as big, '{"a":[1]}'::jsonb as json, '\\x00ff'::bytea as bytes, timestamptz '2026-01-02T03:04:05Z' as at`;
    const { rows, rowCount } = await db.query({ text });
    expect(rowCount).toBe(1);
    expect(rows[0]).toEqual({
      big: '9007199254740993',
      json: { a: [1] },
      bytes: Buffer.from([0, 255]),
      at: new Date('2026-01-02T03:04:05Z'),
    });
  });

  it('keeps a transaction that resolves', async () => {
    const db = await openWithTable();
    const result = await db.transaction(async (tx) => {
      await tx.query(insert(1));
      await tx.query(insert(2));
      return 'done';
    });
    expect(result).toBe('done');
    expect(await rowsIn(db)).toEqual([1, 2]);
  });

  it('keeps nothing of a transaction that rejects, and rejects with the error of the work', async () => {
    const db = await openWithTable();
    const trouble = new Error('the work failed');
    const work = db.transaction(async (tx) => {
      await tx.query(insert(1));
      throw trouble;
    });
    await expect(work).rejects.toBe(trouble);
    expect(await rowsIn(db)).toEqual([]);
  });

  it('does not take a broken connection of the work for one of its own', async () => {
    const db = await openWithTable();
    const elsewhere = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    await expect(db.transaction(() => Promise.reject(elsewhere))).rejects.toBe(elsewhere);
    await db.query(insert(1));
  });

  it('passes an SQL error through untouched and stays usable', async () => {
    const db = await openWithTable();
    await db.query(insert(1));
    await expect(db.query(insert(1))).rejects.toMatchObject({ code: '23505', constraint: 'numbers_pkey' });
    await expect(db.transaction((tx) => tx.query(insert(1)))).rejects.toMatchObject({ code: '23505' });
    await db.query(insert(2));
    expect(await rowsIn(db)).toEqual([1, 2]);
  });

  it('does not report success when the work swallowed an SQL error, because the server undid everything', async () => {
    const db = await openWithTable();
    const work = db.transaction(async (tx) => {
      await tx.query(insert(1));
      await tx.query(insert(1)).catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await rowsIn(db)).toEqual([]);
  });

  it('refuses the pool inside a transaction, where one connection would wait for itself', async () => {
    const db = await openWithTable();
    const inside = db.transaction(async (tx) => {
      await tx.query(insert(1));
      await db.query(insert(2));
    });
    await expect(inside).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(db.transaction(() => db.transaction(async () => undefined))).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await rowsIn(db)).toEqual([]);
  });

  it('refuses a transaction that is used after its end', async () => {
    const db = await openWithTable();
    const late = await db.transaction(async (tx) => () => tx.query(insert(1)));
    await expect(late()).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await rowsIn(db)).toEqual([]);
  });

  it('runs the work again after a serialization failure or deadlock, three times at most', async () => {
    const db = await openWithTable();
    let runs = 0;
    const fail = (until: number, code: string) =>
      db.transaction(async (tx) => {
        runs += 1;
        await tx.query(insert(runs));
        if (runs <= until) await tx.query({ text: `do $$ begin raise exception 'again' using errcode = '${code}'; end $$` });
      });
    await fail(3, '40001');
    expect(await rowsIn(db)).toEqual([4]);
    runs = 10;
    await expect(fail(99, '40P01')).rejects.toMatchObject({ code: '40P01' });
    expect(runs).toBe(14);
    expect(await rowsIn(db)).toEqual([4]);
  });

  it('runs fifty transactions that were started at once', async () => {
    const db = await openWithTable();
    await Promise.all(Array.from({ length: 50 }, (_, n) => db.transaction((tx) => tx.query(insert(n)))));
    expect((await rowsIn(db)).length).toBe(50);
  });

  it('refuses work after it was closed, and closes twice without harm', async () => {
    const db = await open();
    await db.close();
    await db.close();
    await expect(db.query({ text: 'select 1' })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it(`says that it is ${kind}`, async () => {
    expect((await open()).kind).toBe(kind);
  });
});
