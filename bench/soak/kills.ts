/**
 * The long crash test: kills a loaded gateway a hundred times on the same data and checks that nothing it said was taken back. Exits 1 when
 * something was.
 *
 *   npx tsx bench/soak/kills.ts [--rounds 80] [--postgres]
 *
 * Every fourth round has a second kill, during the start. The same checks, shorter, are `test/crash/kill.test.ts`.
 */
import { parseArgs } from 'node:util';
import { createBook } from '../../test/crash/book.ts';
import { startCrashUpstream } from '../../test/crash/crash-upstream.ts';
import { killRounds } from '../../test/crash/kill-rounds.ts';
import { makePlace } from '../../test/crash/place.ts';
import { startCluster } from '../../test/postgres/cluster.ts';
import { note, writeResult } from '../results.ts';
import { median, quantile } from '../statistics.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '80' }, postgres: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds);

const upstream = await startCrashUpstream();
const cluster = values.postgres ? await startCluster() : null;
if (values.postgres && cluster === null) throw new Error('PostgreSQL is not installed here.');
const database = cluster === null ? {} : { databaseUrl: cluster.url(await cluster.createDatabase()) };
const place = await makePlace({ baseUrl: upstream.baseUrl, ...database });
const startedAt = performance.now();

const { startsMs, faults, kills, ...counts } = await killRounds({
  place,
  upstream,
  book: createBook(),
  rounds,
  onRound: (round, { answers, served, checkpoints }) =>
    note(`round ${round + 1} of ${rounds}: ${answers.length} answers, ${served.length} pictures, ${checkpoints.size} checkpoints so far`),
});
await writeResult(values.postgres ? 'kill-soak-postgres' : 'kill-soak', {
  database: values.postgres ? 'postgres' : 'embedded',
  // Each kill is a round of its own here, those during a start too.
  rounds: kills,
  violations: faults.length,
  firstViolations: faults.slice(0, 20),
  ...counts,
  starts: startsMs.length,
  startMs: { median: median(startsMs), p95: quantile(startsMs, 0.95), max: Math.max(...startsMs) },
  seconds: Math.round((performance.now() - startedAt) / 1000),
});
await upstream.close();
await cluster?.stop();
await place.remove();
process.exitCode = faults.length === 0 ? 0 : 1;
