import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { findPostgres } from './binaries.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { cloneTemplate } from './template.ts';

/** Opens a new empty database; it is closed and deleted after the test. */
export type Open = () => Promise<Database>;

/**
 * Runs one suite on both engines: `describeEachDatabase('the outbox', (open) => { it(…) })`. Without an installed
 * PostgreSQL its half is skipped with the reason; with CI=true that is an error.
 */
export function describeEachDatabase(title: string, suite: (open: Open, kind: Database['kind']) => void): void {
  describe(`${title}, embedded`, () => {
    const cleanUp = cleanUpAfterEach();
    const idle: Database[] = [];
    const cleanUpAll: (() => Promise<void>)[] = [];
    afterAll(() => runAll(cleanUpAll));
    const openNew = async () => {
      const dataDir = await makeDataDir();
      cleanUpAll.push(() => rm(dataDir, { recursive: true, force: true }));
      const database = await openDatabase({ dataDir });
      cleanUpAll.push(() => database.close());
      return database;
    };
    const open = async () => {
      const database = idle.pop() ?? (await openNew());
      cleanUp.push(async () => {
        if (await emptied(database)) idle.push(database);
      });
      return database;
    };
    suite(open, 'embedded');
  });

  const binaries = findPostgres();
  if (binaries.kind === 'missing') console.warn(`skipped: ${title}, postgres: ${binaries.reason}`);
  describe.skipIf(binaries.kind === 'missing')(`${title}, postgres`, () => {
    let cluster: Cluster | null = null;
    beforeAll(async () => {
      cluster = await startCluster();
    });
    afterAll(() => cluster?.stop());
    const cleanUp = cleanUpAfterEach();
    const open = async () => {
      if (cluster === null) throw new Error('The PostgreSQL test server does not run.');
      const server = cluster;
      const name = await server.createDatabase();
      cleanUp.push(() => server.dropDatabase(name));
      const database = await openDatabase({ url: server.url(name), dataDir: tmpdir() });
      cleanUp.push(() => database.close());
      return database;
    };
    suite(open, 'postgres');
  });
}

/** A temporary data directory with a new embedded cluster in it. The caller deletes it. */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'imp-db-'));
  await cloneTemplate(dataDir);
  return dataDir;
}

/** Makes an embedded database as good as new, in 20 ms where a new engine takes a second. False when the test closed it. */
async function emptied(database: Database): Promise<boolean> {
  const dropAll = `do $$ declare s text; begin
    for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', s);
    end loop;
    create schema public;
  end $$`;
  try {
    await database.query({ text: dropAll });
    return true;
  } catch {
    return false;
  }
}

/** Steps to run after each test, last one first. */
function cleanUpAfterEach(): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = [];
  afterEach(() => runAll(steps));
  return steps;
}

async function runAll(steps: (() => Promise<void>)[]): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}
