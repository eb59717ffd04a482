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
    const open = async () => {
      const dataDir = await makeDataDir();
      cleanUp.push(() => rm(dataDir, { recursive: true, force: true }));
      const database = await openDatabase({ dataDir });
      cleanUp.push(() => database.close());
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

/** Steps to run after each test, last one first. */
function cleanUpAfterEach(): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of steps.splice(0).reverse()) await step();
  });
  return steps;
}
