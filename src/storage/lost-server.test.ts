import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../../test/postgres/binaries.ts';
import { type Cluster, startCluster } from '../../test/postgres/cluster.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';

const unavailable = expect.objectContaining({ code: 'STORAGE_UNAVAILABLE', cause: expect.any(Error) });

describe.skipIf(findPostgres().kind === 'missing')('a PostgreSQL server that goes away', () => {
  let cluster: Cluster;
  let db: Database;
  let name: string;
  const warnings: string[] = [];
  beforeAll(async () => {
    const started = await startCluster();
    if (started === null) throw new Error('The PostgreSQL test server did not start.');
    cluster = started;
    name = await cluster.createDatabase();
    db = await openDatabase({ url: cluster.url(name), dataDir: tmpdir(), poolSize: 3, logger: { warn: (_, text) => warnings.push(text) } });
    await db.query({ text: 'create table numbers (n int)' });
  });
  afterEach(async () => {
    await cluster.restart();
    await db.query({ text: 'truncate numbers' });
  });
  afterAll(async () => {
    await db?.close();
    await cluster?.stop();
  });
  const count = async () => (await db.query({ text: 'select count(*)::int as n from numbers' })).rows[0]?.['n'];
  const insert = { text: 'insert into numbers values (1)' };

  it('by kill -9 in a transaction: STORAGE_UNAVAILABLE, nothing of it is there, and the next work succeeds', async () => {
    const lost = db.transaction(async (tx) => {
      await tx.query(insert);
      await cluster.kill9();
      for (;;) await tx.query(insert);
    });
    await expect(lost).rejects.toEqual(unavailable);
    await expect(db.query(insert)).rejects.toEqual(unavailable);
    await cluster.restart();
    expect(await count()).toBe(0);
    await db.transaction((tx) => tx.query(insert));
    expect(await count()).toBe(1);
  });

  it('while nobody uses the connections: a warning, and the next statement succeeds', async () => {
    await Promise.all([1, 2, 3].map(() => db.query({ text: 'select pg_sleep(0.02)' })));
    warnings.length = 0;
    await cluster.restart();
    await expect.poll(() => warnings.length).toBeGreaterThanOrEqual(3);
    expect(await count()).toBe(0);
  });

  it('by an administrator who ends one session (57P01): only that work fails', async () => {
    const ended = db.transaction(async (tx) => {
      const { rows } = await tx.query({ text: 'select pg_backend_pid() as pid' });
      const other = await openDatabase({ url: cluster.url(name), dataDir: tmpdir(), poolSize: 1 });
      await other.query({ text: 'select pg_terminate_backend($1)', values: [rows[0]?.['pid']] });
      await other.close();
      await tx.query(insert);
    });
    await expect(ended).rejects.toEqual(unavailable);
    expect(await count()).toBe(0);
  });

  it('in the middle of a commit: the error says that the outcome is unknown', async () => {
    const text = `create or replace function last_breath() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create constraint trigger dies after insert on numbers deferrable initially deferred for each row execute function last_breath()`;
    await db.query({ text });
    await expect(db.transaction((tx) => tx.query(insert))).rejects.toThrow(/outcome is unknown/);
    await db.query({ text: 'drop trigger dies on numbers' });
    expect(await count()).toBe(0);
  });

  it('that is not there at all, or refuses us: STORAGE_UNAVAILABLE at once', async () => {
    const open = (url: string) => openDatabase({ url, dataDir: tmpdir() });
    await expect(open('postgres://nobody@127.0.0.1:1/none')).rejects.toEqual(unavailable);
    await expect(open(cluster.url('no_such_database'))).rejects.toEqual(unavailable);
    await expect(open('mysql://user:hunter2@localhost/x')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(open('mysql://user:hunter2@localhost/x')).rejects.not.toThrow(/hunter2/);
  });

  it('cancels a statement after the time limit, with the error of the server', async () => {
    const impatient = await openDatabase({ url: cluster.url(name), dataDir: tmpdir(), statementTimeoutMs: 100 });
    await expect(impatient.query({ text: 'select pg_sleep(5)' })).rejects.toMatchObject({ code: '57014' });
    await impatient.close();
  });

  it('runs colliding serializable transactions again until each has happened', async () => {
    await db.query(insert);
    const addOne = () =>
      db.transaction(async (tx) => {
        await tx.query({ text: 'set transaction isolation level serializable' });
        const { rows } = await tx.query({ text: 'select n from numbers' });
        await tx.query({ text: 'select pg_sleep(0.02)' });
        await tx.query({ text: 'update numbers set n = $1', values: [Number(rows[0]?.['n']) + 1] });
      });
    await Promise.all([addOne(), addOne(), addOne()]);
    expect((await db.query({ text: 'select n from numbers' })).rows).toEqual([{ n: 4 }]);
  });
});
