/**
 * What the operations board costs with a year's worth of requests in the database: one turn of counting at a hundred decisions a second, a board, and what a
 * scrape's numbers cost. On PostgreSQL.
 *
 *   npx tsx bench/run.ts operations [--decisions 1000000]
 */
import { parseArgs } from 'node:util';
import { readBoard } from '../src/operations/board.ts';
import { sloCounts } from '../src/operations/counts.ts';
import { rollUp } from '../src/operations/roll-up.ts';
import { migrate } from '../src/storage/migrate.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { startCluster } from '../test/postgres/cluster.ts';
import { note, writeResult } from './results.ts';
import { median, quantile, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { decisions: { type: 'string', default: '1000000' } } });
const decisions = Number(values.decisions);
const PER_SECOND = 100;
const ROUNDS = 15;

const BODY = `jsonb_build_object('categories', case when n % 20 = 0 then '["hate"]'::jsonb else '[]'::jsonb end, 'reasoning', jsonb_build_object('risks', (
  select jsonb_agg(jsonb_build_object('category', c, 'risk', round(((n::bigint * 7919 + ord * 104729) % 1000) / 1400.0, 3), 'contributions', '[]'::jsonb))
  from unnest(array['sexual', 'hate', 'violence_gore', 'self_harm', 'ip', 'real_person_likeness']) with ordinality as x(c, ord))))`;

const cluster = await startCluster();
if (cluster === null) throw new Error('This bench needs PostgreSQL.');
const db = await openDatabase({ dataDir: 'unused', url: cluster.url(await cluster.createDatabase()) });
try {
  await migrate(db);
  const now = new Date();
  const insert = async (from: number, to: number, at: string) => {
    await db.query({
      text: `with g as (
          insert into generations (id, request_id, key_id, application, surface, operation, model, state, body_digest, owner, created_at, finished_at)
          select 'gen_' || n, 'req', 'key_1', 'default', (array['api', 'chat', 'app'])[1 + n % 3], 'generate', 'studio', case when n % 20 = 0 then 'refused' else 'published' end,
            'd', 'ins_1', ${at}, ${at} from generate_series($1::int, $2::int) n returning 1)
        insert into decisions (id, generation_id, stage, action, policy, body, decided_at)
        select 'dec_' || n, 'gen_' || n, 'prompt', case when n % 20 = 0 then 'block' else 'allow' end, 'p', ${BODY}, ${at} + interval '1 second'
        from generate_series($1::int, $2::int) n`,
      values: [from, to, now],
    });
  };
  await db.query({ text: 'alter table decisions drop constraint decisions_generation_id_fkey' });
  for (let from = 1; from <= decisions; from += 50_000) {
    await insert(from, Math.min(decisions, from + 49_999), `$3::timestamptz - interval '26 hours' - (n || ' seconds')::interval`);
    note(`${from + 49_999} decisions`);
  }
  const recent = 180 * PER_SECOND;
  await insert(decisions + 1, decisions + recent, `$3::timestamptz - ((n - ${decisions}) / ${PER_SECOND}.0 || ' seconds')::interval`);
  await db.query({
    text: `insert into operation_counts (resolution, measure, at, value, n)
      select 'hour', m, h, m || v, 100 + v from generate_series(date_trunc('hour', $1::timestamptz) - interval '30 days', $1, interval '1 hour') h,
        unnest(array['prompts', 'scores', 'categories', 'decisions', 'surfaces', 'outcomes']) m, generate_series(1, 20) v on conflict do nothing`,
    values: [now],
  });
  await db.query({ text: 'analyze' });
  const firstTurn = await timed(() => rollUp(db, now));
  const turns = await repeated(() => rollUp(db, now));
  const boards = await repeated(() => readBoard(db, { now, hours: 24, hides: () => false }));
  const objectives = await repeated(() => sloCounts(db, now));
  const result = {
    decisions: decisions + recent,
    perSecond: PER_SECOND,
    firstTurnMs: rounded(firstTurn),
    turnMs: turns,
    boardMs: boards,
    objectivesMs: objectives,
  };
  note(JSON.stringify(result));
  await writeResult('operations', result);
} finally {
  await db.close();
  await cluster.stop();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function repeated(work: () => Promise<unknown>) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timed(work));
  return { median: rounded(median(times)), p95: rounded(quantile(times, 0.95)) };
}
