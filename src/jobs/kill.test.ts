import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../../test/postgres/binaries.ts';
import { type Cluster, startCluster } from '../../test/postgres/cluster.ts';
import { type Running, runFixture } from '../../test/postgres/run-fixture.ts';
import type { Database } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import { openDatabase } from '../storage/open-database.ts';
import { enqueue } from './job-store.ts';

const JOBS = 400;
const PROCESSES = 3;
const KILLS = 3;

describe.skipIf(findPostgres().kind === 'missing')('background work of several processes', () => {
  let cluster: Cluster;
  let db: Database;
  let url: string;
  beforeAll(async () => {
    const started = await startCluster();
    if (started === null) throw new Error('The PostgreSQL test server did not start.');
    cluster = started;
    url = cluster.url(await cluster.createDatabase());
    db = await openDatabase({ url, dataDir: tmpdir() });
    await migrate(db);
  });
  afterAll(async () => {
    await db?.close();
    await cluster?.stop();
  });

  it('is neither lost nor done twice when they are killed again and again', { timeout: 120_000 }, async () => {
    await db.query({ text: 'create table effects (n int not null, at timestamptz not null default clock_timestamp())' });
    await enqueue(
      db,
      Array.from({ length: JOBS }, (_, n) => ({ queue: 'count', payload: { n } })),
    );
    const start = async () => {
      const running = await runFixture(new URL('job-process.fixture.ts', import.meta.url), [url]);
      await running.line(/works/);
      return running;
    };
    const processes: Running[] = await Promise.all(Array.from({ length: PROCESSES }, start));
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        await sleep(100 + Math.random() * 200);
        const at = kill % PROCESSES;
        processes[at]!.process.kill('SIGKILL');
        await processes[at]!.ended;
        // What it held is taken over when its lease ends; nobody here waits so long.
        await db.query({
          text: "update jobs set run_at = clock_timestamp() where lease_token is not null and run_at > clock_timestamp() + interval '30 seconds'",
        });
        processes[at] = await start();
      }
      const left = async () => Number((await db.query({ text: 'select count(*) as n from jobs' })).rows[0]?.['n']);
      await expect.poll(left, { timeout: 60_000 }).toBe(0);
      const { rows } = await db.query({ text: 'select count(*)::int as n, count(distinct n)::int as different from effects' });
      expect(rows).toEqual([{ n: JOBS, different: JOBS }]);
    } finally {
      for (const { process: child } of processes) child.kill('SIGKILL');
      await Promise.all(processes.map(({ ended }) => ended));
    }
  });
});
