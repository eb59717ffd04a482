import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { startCluster } from '../test/postgres/cluster.ts';
import { note } from './results.ts';

/** Runs `work` on a fresh, migrated database of each engine, both of which sync every commit to the same disk. */
export async function onEachEngine<T>(work: (db: Database) => Promise<T>): Promise<Readonly<Record<Database['kind'], T>>> {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const cluster = await startCluster();
  if (cluster === null) throw new Error('This bench compares two engines; install PostgreSQL.');
  const run = async (url?: string) => {
    const db = await openDatabase({ dataDir: join(home, 'database'), ...(url === undefined ? {} : { url, poolSize: 40 }) });
    try {
      await migrate(db);
      note(`engine: ${db.kind}`);
      return await work(db);
    } finally {
      await db.close();
    }
  };
  try {
    return { embedded: await run(), postgres: await run(cluster.url(await cluster.createDatabase())) };
  } finally {
    await cluster.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** How often `work` ended in a second, with `writers` of it at a time, over `ms`. */
export async function perSecond(writers: number, ms: number, work: () => Promise<unknown>): Promise<number> {
  let done = 0;
  const startedAt = performance.now();
  const writer = async () => {
    while (performance.now() - startedAt < ms) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return (1000 * done) / (performance.now() - startedAt);
}
