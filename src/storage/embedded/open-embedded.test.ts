import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDataDir } from '../../../test/postgres/databases.ts';
import type { Database } from '../database.ts';
import { openDatabase } from '../open-database.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function openIn(dataDir: string, warnings: unknown[] = []): Promise<Database> {
  const db = await openDatabase({ dataDir, logger: { warn: (fields, message) => warnings.push({ ...fields, message }) } });
  cleanUp.push(() => db.close());
  return db;
}

async function newDataDir(): Promise<string> {
  const dataDir = await makeDataDir();
  cleanUp.push(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

describe('the embedded database', () => {
  it('makes itself on the first start, in a directory whose path is too long for a socket, open to nobody else', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'imp-first-'));
    cleanUp.push(() => rmSync(parent, { recursive: true, force: true }));
    const dataDir = join(parent, 'a-long-name-'.repeat(12));
    const db = await openIn(dataDir);
    const { rows } = await db.query({ text: `select current_setting('fsync') as fsync, current_setting('server_encoding') as encoding` });
    expect(rows).toEqual([{ fsync: 'on', encoding: 'UTF8' }]);
    for (const path of [dataDir, join(dataDir, 'postgres')]) expect(statSync(path).mode & 0o777).toBe(0o700);
    await db.close();
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  it('says STORAGE_UNAVAILABLE when the engine crashes, restarts with the next statement, and has every row', async () => {
    const dataDir = await newDataDir();
    const warnings: unknown[] = [];
    const db = await openIn(dataDir, warnings);
    await db.query({ text: 'create table kept (n int)' });
    await db.query({ text: 'insert into kept values (1)' });
    const wal = join(dataDir, 'postgres', 'pg_wal');
    renameSync(wal, `${wal}.away`);
    await expect(
      db.query({ text: 'select pg_switch_wal()' }).then(() => db.query({ text: 'insert into kept values (2)' })),
    ).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    await expect(db.query({ text: 'insert into kept values (3)' })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    renameSync(`${wal}.away`, wal);
    await expect.poll(() => db.query({ text: 'select n from kept' }).then((answer) => answer.rows)).toEqual([{ n: 1 }]);
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('refuses a cluster of another PostgreSQL version in words', async () => {
    const dataDir = await newDataDir();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('PostgreSQL 17'),
    });
  });
});

describe('the embedded database, while it runs', () => {
  let dataDir: string;
  let db: Database;
  beforeAll(async () => {
    dataDir = await makeDataDir();
    db = await openDatabase({ dataDir });
  });
  afterAll(async () => {
    await db?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('leaves the event loop free while it works', async () => {
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const started = performance.now();
    await db.query({ text: 'select sum(sqrt(n)) from generate_series(1, 3000000) as n' });
    const workedMs = performance.now() - started;
    loop.disable();
    expect(workedMs).toBeGreaterThan(200);
    // In the main thread the delay would be the whole of it.
    expect(loop.max / 1e6).toBeLessThan(workedMs / 2);
    expect(loop.percentile(90) / 1e6).toBeLessThan(50);
  });

  it('starts clean after a lost connection: no open transaction, setting or prepared statement of the old one', async () => {
    await db.query({ text: 'create table numbers (n int)' });
    await db.query({ text: 'set application_name = leaked' });
    const insert = { name: 'insert', text: 'insert into numbers values (1)' };
    const lost = db.transaction(async (tx) => {
      await tx.query(insert);
      await tx.query({ text: `do $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$` });
    });
    await expect(lost).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause: { code: '53100' } });
    await db.query(insert);
    const text = `select count(*)::int as n, current_setting('application_name') as application from numbers`;
    expect((await db.query({ text })).rows).toEqual([{ n: 1, application: '' }]);
  });

  it('keeps no more than one connection, whoever asks', async () => {
    const pids = await Promise.all(Array.from({ length: 10 }, () => db.query({ text: 'select pg_sleep(0), pg_backend_pid() as pid' })));
    expect(new Set(pids.map(({ rows }) => rows[0]?.['pid'])).size).toBe(1);
  });
});
