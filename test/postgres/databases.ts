import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { emptied, keepAsNew, type Restore } from './as-new.ts';
import { findPostgres } from './binaries.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { cloneTemplate, type Stage } from './template.ts';

/** Opens a new database; it is closed and deleted after the test. */
export type Open = () => Promise<Database>;

type Suite = (open: Open, kind: Database['kind']) => void;

/**
 * Runs one suite on both engines: `describeEachDatabase('the outbox', (open) => { it(…) })`. Every database is migrated and otherwise
 * empty. Without an installed PostgreSQL its half is skipped with the reason; with CI=true that is an error.
 */
export const describeEachDatabase = (title: string, suite: Suite) => describeEach(title, suite, 'migrated');

/** The same for what makes tables of its own: every database is without any. */
export const describeEachEngine = (title: string, suite: Suite) => describeEach(title, suite, 'empty');

function describeEach(title: string, suite: Suite, stage: Stage): void {
  describe(`${title}, embedded`, () => suite(embedded(stage), 'embedded'));
  const binaries = findPostgres();
  if (binaries.kind === 'missing') console.warn(`skipped: ${title}, postgres: ${binaries.reason}`);
  describe.skipIf(binaries.kind === 'missing')(`${title}, postgres`, () => suite(onServer(stage), 'postgres'));
}

/** A new one takes up to a second, so one that can be made as good as new serves the next test too. */
function reused(openNew: () => Promise<Database>, stage: Stage): Open {
  const cleanUp = cleanUpAfterEach();
  const idle: Database[] = [];
  const restores = new Map<Database, Restore>();
  const restore = (db: Database) => restores.get(db)?.() ?? Promise.resolve(false);
  const prepare = async (db: Database) => {
    if (stage === 'migrated') await migrate(db);
    restores.set(db, stage === 'migrated' ? await keepAsNew(db) : async () => false);
    return db;
  };
  return async () => {
    const db = idle.pop() ?? (await prepare(await openNew()));
    cleanUp.push(async () => {
      if (await restore(db)) idle.push(db);
      // Tests may make tables of their own.
      else if (await emptied(db)) idle.push(await prepare(db));
    });
    return db;
  };
}

function embedded(stage: Stage): Open {
  const cleanUpAll = cleanUpAfterAll();
  return reused(async () => {
    const dataDir = await makeDataDir(stage);
    cleanUpAll.push(() => rm(dataDir, { recursive: true, force: true }));
    const db = await openDatabase({ dataDir });
    cleanUpAll.push(() => db.close());
    return db;
  }, stage);
}

function onServer(stage: Stage): Open {
  const cleanUpAll = cleanUpAfterAll();
  let cluster: Cluster | null = null;
  beforeAll(async () => {
    cluster = await startCluster({ isQuick: true });
    cleanUpAll.push(async () => cluster?.stop());
  });
  return reused(async () => {
    if (cluster === null) throw new Error('The PostgreSQL test server does not run.');
    const db = await openDatabase({ url: cluster.url(await cluster.createDatabase()), dataDir: tmpdir() });
    cleanUpAll.push(() => db.close());
    return db;
  }, stage);
}

/** A temporary data directory with a new embedded cluster in it. The caller deletes it. */
export async function makeDataDir(stage: Stage = 'empty'): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'imp-db-'));
  await cloneTemplate(dataDir, stage);
  return dataDir;
}

/** Steps to run after each test, last one first. */
function cleanUpAfterEach(): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = [];
  afterEach(() => runAll(steps));
  return steps;
}

/** Steps to run after the suite, last one first. */
function cleanUpAfterAll(): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = [];
  afterAll(() => runAll(steps));
  return steps;
}

async function runAll(steps: (() => Promise<void>)[]): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}
