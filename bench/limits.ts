/**
 * Limits under several processes on one PostgreSQL: how many are let in against the limit, and how many a process can ask.
 *
 *   npx tsx bench/run.ts limits [--limit 200000] [--trials 5] [--kills 10] [--seconds 10]
 *
 * Exits with 1 when more was given than the limit, ever.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { limitRuleSchema } from '../src/access/limits/limit-rule.ts';
import { writeLimit } from '../src/access/limits/limit-store.ts';
import type { Database } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { startCluster } from '../test/postgres/cluster.ts';
import { note, writeResult } from './results.ts';
import { rounded } from './statistics.ts';

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '200000' },
    trials: { type: 'string', default: '5' },
    kills: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
  },
});
const LIMIT = Number(values.limit);
const PROCESSES = 4;
const LANES = 64;
const COLD_LANES = 2_000;
const HUGE = 2 ** 52;

const said = z.object({
  given: z.number(),
  refused: z.number(),
  broken: z.number(),
  last: z.boolean(),
  perSecond: z.number().optional(),
  cpuMicrosEach: z.number().optional(),
});
type Said = z.output<typeof said>;

interface Asker {
  readonly child: ChildProcess;
  /** What it said last, once it has ended. */
  readonly ended: Promise<Said>;
}

function startAsker(url: string, mode: 'one' | 'cold' | 'hot', lanes: number): Asker {
  const args = [join(import.meta.dirname, 'limits-child.js'), url, mode, String(lanes), values.seconds];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] ?? '' } });
  let last: Said = { given: 0, refused: 0, broken: 0, last: false };
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = said.parse(JSON.parse(line));
  });
  return { child, ended: once(child, 'close').then(() => last) };
}

/** The count as it stands, of the one subject that there is. */
async function counted(db: Database): Promise<number> {
  const { rows } = await db.query<{ n: string }>({
    text: `select coalesce(sum(state[i + 1]), 0)::text as n from limit_counters, generate_series(11, array_length(state, 1) - 1, 2) i where rule = 'one'`,
  });
  return Number(rows[0]?.n);
}

async function trial(url: string, db: Database, isKilled: boolean) {
  await db.query({ text: 'truncate limit_counters' });
  const askers = Array.from({ length: PROCESSES }, () => startAsker(url, 'one', LANES));
  const [victim, ...others] = askers;
  if (isKilled && victim !== undefined) {
    while ((await counted(db)) < LIMIT * (0.2 + Math.random() * 0.3)) await sleep(5);
    victim.child.kill('SIGKILL');
  }
  const heard = await Promise.all(askers.map(({ ended }) => ended));
  const given = heard.reduce((sum, one) => sum + one.given, 0);
  const stands = await counted(db);
  note(`${isKilled ? 'killed' : 'plain'}: given ${given}, counted ${stands}, of ${LIMIT}; ${heard.map((one) => one.given).join(', ')}`);
  // Whoever was killed may have given some since it was heard last.
  return { given, stands, survivors: others.length, broken: heard.reduce((sum, one) => sum + one.broken, 0) };
}

const cluster = await startCluster();
if (cluster === null) throw new Error('This needs an installed PostgreSQL.');
const url = cluster.url(await cluster.createDatabase());
const db = await openDatabase({ url, dataDir: '' });
await migrate(db);
for (const [id, per, limit] of [
  ['one', 'surface', LIMIT],
  ['cold', 'key', 100],
  ['hot', 'surface', HUGE],
] as const) {
  const rule = limitRuleSchema.parse({ what: 'requests', per: [per], limit, window: id === 'one' ? 3_600 : 60 });
  await writeLimit(db, { id, rule, source: 'operator', reason: null, by: 'bench' });
}

const plain: Awaited<ReturnType<typeof trial>>[] = [];
for (let i = 0; i < Number(values.trials); i++) plain.push(await trial(url, db, false));
const killed: Awaited<ReturnType<typeof trial>>[] = [];
for (let i = 0; i < Number(values.kills); i++) killed.push(await trial(url, db, true));
const cold = await startAsker(url, 'cold', COLD_LANES).ended;
const counts = (await db.query({ text: `select 1 from limit_counters where rule = 'cold'` })).rowCount;
const hot = await startAsker(url, 'hot', 1).ended;
await db.close();
await cluster.stop();

const most = (of: readonly number[]) => Math.max(0, ...of);
const result = {
  processes: PROCESSES,
  limit: LIMIT,
  exact: {
    trials: plain.length,
    mostGiven: most(plain.map(({ given }) => given)),
    leastGiven: Math.min(LIMIT, ...plain.map(({ given }) => given)),
    mostOverLimit: most(plain.map(({ given }) => given - LIMIT)),
    /** Counted and not given, after everybody gave back what they had leased. */
    countedTooMany: most(plain.map(({ given, stands }) => stands - given)),
    broken: most(plain.map(({ broken }) => broken)),
  },
  killed: {
    trials: killed.length,
    mostOverLimit: most(killed.map(({ given }) => given - LIMIT)),
    mostCounted: most(killed.map(({ stands }) => stands)),
    /** What the dead process had leased, and what it gave in its last 20 ms. */
    mostLost: most(killed.map(({ given, stands }) => stands - given)),
    broken: most(killed.map(({ broken }) => broken)),
  },
  cold: {
    checksPerSecond: rounded(cold.perSecond ?? 0),
    cpuMicrosEach: rounded(cold.cpuMicrosEach ?? 0),
    counts,
    broken: cold.broken,
    lanes: COLD_LANES,
  },
  hot: { checksPerSecond: rounded(hot.perSecond ?? 0), cpuMicrosEach: rounded(hot.cpuMicrosEach ?? 0), broken: hot.broken },
};
note(JSON.stringify(result));
await writeResult('limits', result);
if (result.exact.mostOverLimit + result.killed.mostOverLimit > 0) process.exitCode = 1;
