/**
 * Fifty reviewers in several processes on one queue, while processes are killed and the database is killed: is anything decided twice, lost, or decided
 * by somebody whose lease had ended?
 *
 *   npx tsx bench/run.ts review-leases [--cases 100000] [--decisions 100000] [--think-ms 500] [--kill-every-s 6] [--database-kills 10] [--minutes 12]
 *
 * That is the full form, about twelve minutes on two cores that do nothing else. PostgreSQL with `fsync`. Leases of 2 s, so that many end; reviewers close windows, come late and send decisions twice. Exits with 1 when anything
 * is wrong.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrate } from '../src/storage/migrate.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { startCluster } from '../test/postgres/cluster.ts';
import { note, writeResult } from './results.ts';
import { seedCases } from './review/seed-cases.ts';
import { quantile, rounded } from './statistics.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    decisions: { type: 'string', default: '100000' },
    'think-ms': { type: 'string', default: '500' },
    'kill-every-s': { type: 'string', default: '6' },
    'database-kills': { type: 'string', default: '10' },
    minutes: { type: 'string', default: '12' },
  },
});
const CASES = Number(values.cases);
const DECISIONS = Math.min(CASES, Number(values.decisions));
const KILL_EVERY_MS = Number(values['kill-every-s']) * 1000;
/** Then it is over, and what was decided is looked at. */
const LONGEST_MS = Number(values.minutes) * 60_000;
const DATABASE_KILLS = Number(values['database-kills']);
const [PROCESSES, REVIEWERS_EACH, LEASE_SECONDS] = [5, 10, 2];
const CLAIM_LIMIT_MS = 100;
const BATCH = 10_000;

const cluster = await startCluster();
if (cluster === null) process.exit(0);
const url = cluster.url(await cluster.createDatabase());
const seeding = await openDatabase({ url, dataDir: '' });
await migrate(seeding);
for (let from = 1; from <= CASES; from += BATCH) {
  await seedCases(seeding, { from, to: Math.min(CASES, from + BATCH - 1), state: 'open', caseEvery: 1 });
}
await seeding.query({ text: 'analyze' });
await seeding.close();
note(`${CASES} cases wait`);

const claims: number[] = [];
/** Case by the lease under which its decision was answered. */
const answered = new Map<string, string>();
const counts: Record<string, number> = {};
let incarnation = 0;

function startReviewers(): ChildProcess {
  incarnation += 1;
  const args = [
    join(import.meta.dirname, 'reviewers-child.js'),
    url,
    `p${incarnation}`,
    String(REVIEWERS_EACH),
    String(LEASE_SECONDS),
    values['think-ms'],
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] ?? '' } });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said: Record<string, unknown> = JSON.parse(line);
    const kind = String(said['kind']);
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === 'claim') claims.push(Number(said['ms']));
    if (kind === 'decided') answered.set(String(said['lease']), String(said['case']));
  });
  return child;
}

const begun = performance.now();
const processes = Array.from({ length: PROCESSES }, startReviewers);
let [processKills, databaseKills] = [0, 0];
let lastKill = performance.now();
for (let lastNote = 0; answered.size < DECISIONS && performance.now() - begun < LONGEST_MS; ) {
  await sleep(200);
  if (performance.now() - lastKill > KILL_EVERY_MS) {
    lastKill = performance.now();
    const victim = Math.floor(Math.random() * PROCESSES);
    processes[victim]?.kill('SIGKILL');
    processes[victim] = startReviewers();
    processKills += 1;
  }
  if (databaseKills < DATABASE_KILLS && answered.size > ((databaseKills + 1) * DECISIONS) / (DATABASE_KILLS + 1)) {
    await cluster.kill9();
    await sleep(300);
    await cluster.restart();
    databaseKills += 1;
  }
  if (answered.size - lastNote >= 5_000) {
    lastNote = answered.size;
    note(`${answered.size} decisions, ${processKills} processes and ${databaseKills} databases killed`);
  }
}
for (const child of processes) child.kill('SIGKILL');
const seconds = (performance.now() - begun) / 1000;

const db = await openDatabase({ url, dataDir: '' });
const one = async (text: string, bound: readonly unknown[] = []): Promise<number> => {
  const { rows } = await db.query<{ n: string }>({ text: `select count(*) as n from ${text}`, values: bound });
  return Number(rows[0]?.n);
};
const decided = await one("cases where state = 'blocked'");
const wrong = {
  decidedTwice: await one('(select case_id from case_decisions group by case_id having count(*) > 1) d'),
  /** Somebody was told that it is decided, and it is not. */
  lostDecisions:
    [...answered].length -
    (await one('unnest($1::text[]) l where exists (select 1 from case_decisions d where d.lease_id = l)', [[...answered.keys()]])),
  /** Neither waiting nor decided. */
  lostCases: CASES - decided - (await one("cases where state = 'open'")),
  /** Another lease had been given before the decision. */
  staleDecisions: await one(`case_decisions d join case_leases l on l.id = d.lease_id
    where exists (select 1 from case_leases m where m.case_id = d.case_id and m.fence > l.fence and m.claimed_at < d.decided_at)`),
  /** Case, decision, generation and ledger do not say the same. */
  halfDecided: await one(`cases c full join case_decisions d on d.case_id = c.id full join generations g on g.id = c.generation_id
    where (c.state = 'blocked') <> (d.id is not null) or (d.id is not null) <> (g.state = 'refused')`),
  ledgerGap: decided - (await one("ledger_outbox where convert_from(entry, 'utf8') like '%\"decision.made\"%'")),
};
await db.close();
await cluster.stop();

const claimMs = { p50: rounded(quantile(claims, 0.5)), p95: rounded(quantile(claims, 0.95)), p99: rounded(quantile(claims, 0.99)) };
const result = {
  reviewers: PROCESSES * REVIEWERS_EACH,
  cases: CASES,
  thinkMs: Number(values['think-ms']),
  decisions: decided,
  processKills,
  databaseKills,
  sentAgain: counts['repeated'] ?? 0,
  refusedStale: (counts['LEASE_LOST'] ?? 0) + (counts['CASE_NOT_OPEN'] ?? 0),
  seconds: Math.round(seconds),
  decisionsPerSecond: rounded(decided / seconds),
  claimMs,
  claimLimitMs: CLAIM_LIMIT_MS,
  wrong,
};
note(JSON.stringify(result));
await writeResult('review-leases', result);
if (Object.values(wrong).some((count) => count !== 0)) process.exit(1);
