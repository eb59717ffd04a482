import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { heldAct } from '../review/held.fixture.ts';
import type { Database } from '../storage/database.ts';
import { generationRow } from '../storage/generation-row.fixture.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { settleAlerts } from './alerts.ts';
import { readBoard } from './board.ts';
import { burnStates, firingAlerts } from './burn.ts';
import { sloCounts, sumsOf } from './counts.ts';
import { findExamples } from './examples.ts';
import { rollUp } from './roll-up.ts';
import { burnRules, SLOS, WINDOWS } from './slos.ts';

const NOW = new Date('2026-11-22T12:30:10Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();
const slo = (id: string) => SLOS.find((one) => one.id === id)!;

describe('the alarms of an objective', () => {
  it('are those of the workbook where its factors can be reached', () => {
    expect(burnRules(slo('takedown')).map(({ factor, long, short }) => [factor, long, short])).toEqual([
      [14.4, '1h', '5m'],
      [6, '6h', '30m'],
      [3, '1d', '2h'],
      [1, '3d', '6h'],
    ]);
  });

  it('still wake somebody about a median, whose budget is half of everything', () => {
    expect(burnRules(slo('review_median')).map(({ severity, factor }) => [severity, factor])).toEqual([
      ['page', 1.6],
      ['ticket', 1],
    ]);
  });

  const all = (good: number, bad: number) => new Map(WINDOWS.map((name) => [name, { good, bad }]));

  it('sound when both windows burn, and not on one bad case of a quiet night', () => {
    expect(burnStates(slo('takedown'), all(80, 20)).every(({ isFiring }) => isFiring)).toBe(true);
    expect(burnStates(slo('takedown'), all(0, 1)).some(({ isFiring }) => isFiring)).toBe(false);
    expect(burnStates(slo('takedown'), all(999, 1)).some(({ isFiring }) => isFiring)).toBe(false);
    const over = new Map(all(80, 20)).set('5m', { good: 20, bad: 0 }).set('30m', { good: 20, bad: 0 });
    expect(
      burnStates(slo('takedown'), over)
        .filter(({ severity }) => severity === 'page')
        .some(({ isFiring }) => isFiring),
    ).toBe(false);
  });

  it('say nothing where nothing happened', () => {
    expect(burnStates(slo('takedown'), new Map())).toMatchObject([{ rate: null }, {}, {}, { isFiring: false }]);
    expect(firingAlerts(new Map())).toEqual([]);
  });
});

describeEachDatabase('the operations board', (open) => {
  let made = 0;
  async function service() {
    const db = await open();
    await migrate(db);
    return db;
  }

  /** A request that was decided on in the prompt stage after `seconds`. */
  async function decided(db: Database, at: string, action: string, { seconds = 1, category = 'hate', risk = 0.7, surface = 'api' } = {}) {
    made += 1;
    const [gen, dec] = [`gen_x${made}`, `dec_x${made}`] as const;
    const after = new Date(Date.parse(at) + seconds * 1_000).toISOString();
    const body = { categories: action === 'allow' ? [] : [category], reasoning: { risks: [{ category, risk, contributions: [] }] } };
    await writeActs(db, [
      {
        generation: generationRow(gen, { created_at: at, surface }),
        decision: { id: dec, generation_id: gen, stage: 'prompt', action, policy: 'p', body, decided_at: after },
        entries: [Buffer.from(dec)],
      },
    ]);
    return { gen, dec };
  }

  async function held(db: Database, n: number, opened: string, closed: string | null, kind = 'generation') {
    const act = heldAct(n);
    await writeActs(db, [act]);
    const other = kind === 'generation' ? '' : `, kind = '${kind}', stage = null, subject = '{}'`;
    const how = closed === null ? '' : ", state = 'blocked'";
    await db.query({
      text: `update cases set opened_at = $2, closed_at = $3${how}${other} where id = $1`,
      values: [`case_${n}`, opened, closed],
    });
  }

  it('counts what happened by minute and hour, however often it looks', async () => {
    const db = await service();
    await decided(db, minutesAgo(3), 'allow');
    await decided(db, minutesAgo(3), 'hold', { surface: 'chat' });
    expect(await rollUp(db, NOW)).toBe(true);
    await decided(db, minutesAgo(0.2), 'block');
    await rollUp(db, NOW);
    await rollUp(db, new Date(NOW.getTime() + 20_000));
    const board = await readBoard(db, { now: NOW, hours: 24, hides: () => false });
    expect(board.surfaces).toEqual([
      { value: 'api', count: 2, previous: 0 },
      { value: 'chat', count: 1, previous: 0 },
    ]);
    expect(board.categories).toEqual([{ value: 'hate', count: 2, previous: 0 }]);
    expect(board.points).toHaveLength(24);
    expect(board.points.at(-1)).toMatchObject({ generations: 3, held: 1 });
  });

  it('counts what a transaction committed late, once its hour is over', async () => {
    const db = await service();
    await rollUp(db, new Date('2026-11-22T11:59:00Z'));
    await rollUp(db, new Date('2026-11-22T12:04:00Z'));
    await decided(db, '2026-11-22T11:20:00Z', 'hold');
    await rollUp(db, new Date('2026-11-22T12:04:30Z'));
    const hour = { from: new Date('2026-11-22T11:00:00Z'), to: new Date('2026-11-22T12:00:00Z') };
    expect((await sumsOf(db, 'decisions', hour)).get('hold')).toBeUndefined();
    await rollUp(db, new Date('2026-11-22T12:05:10Z'));
    expect((await sumsOf(db, 'decisions', hour)).get('hold')).toBe(1);
  });

  it('catches up with a day that nobody counted, hour by hour', async () => {
    const db = await service();
    await decided(db, minutesAgo(23 * 60), 'hold');
    await decided(db, minutesAgo(90), 'hold');
    await rollUp(db, NOW);
    const { points } = await readBoard(db, { now: NOW, hours: 24, hides: () => false });
    expect(points.map(({ held: n }) => n)).toEqual([1, ...Array.from({ length: 21 }, () => 0), 1, 0]);
  });

  it('keeps the promises as numbers: held in time or not, reviewed in time or not, also what nobody has looked at yet', async () => {
    const db = await service();
    await decided(db, minutesAgo(20), 'hold', { seconds: 59 });
    await decided(db, minutesAgo(20), 'block', { seconds: 61 });
    await decided(db, minutesAgo(20), 'allow', { seconds: 300 });
    await held(db, 1, minutesAgo(50), minutesAgo(10));
    await held(db, 2, minutesAgo(80), minutesAgo(15));
    await held(db, 3, minutesAgo(70), null);
    await held(db, 4, minutesAgo(30), null);
    await held(db, 5, minutesAgo(25 * 60), minutesAgo(10), 'notice');
    await held(db, 6, minutesAgo(25 * 60), null, 'notice');
    await held(db, 7, minutesAgo(60), minutesAgo(20), 'notice');
    await rollUp(db, NOW);
    const counts = await sloCounts(db, NOW);
    expect(counts.get('automatic_hold')?.get('1h')).toEqual({ good: 1, bad: 1 });
    expect(counts.get('review_median')?.get('1h')).toEqual({ good: 1, bad: 2 });
    expect(counts.get('review_p95')?.get('1h')).toEqual({ good: 2, bad: 0 });
    expect(counts.get('takedown')?.get('3d')).toEqual({ good: 1, bad: 2 });
  });

  it('counts no case that only tests reviewers', async () => {
    const db = await service();
    await held(db, 1, minutesAgo(80), minutesAgo(75));
    await db.query({
      text: `insert into cases (id, kind, generation_id, stage, decision_id, queue, opened_at, closed_at, state, replays)
             select 'case_again', kind, generation_id, stage, decision_id, queue, opened_at, $1, 'blocked', id from cases`,
      values: [minutesAgo(5)],
    });
    await rollUp(db, NOW);
    expect((await sloCounts(db, NOW)).get('review_median')?.get('3d')).toEqual({ good: 1, bad: 0 });
  });

  it('tells of an alarm once, and of the next one after it ended', async () => {
    const db = await service();
    const told: string[] = [];
    const tell = async (_: unknown, { title, severity }: { title: string; severity: string }) => void told.push(`${severity}: ${title}`);
    for (let n = 0; n < 12; n++) await decided(db, minutesAgo(4), 'hold', { seconds: 90 });
    await rollUp(db, NOW);
    const bad = await sloCounts(db, NOW);
    await settleAlerts(db, bad, tell);
    await settleAlerts(db, bad, tell);
    expect(told).toEqual(['page: Automatic hold is missing its objective', 'ticket: Automatic hold is missing its objective']);
    await settleAlerts(db, new Map(), tell);
    await settleAlerts(db, bad, tell);
    expect(told).toHaveLength(4);
  });

  it('finds what moved and leads to examples, but to none that is restricted', async () => {
    const db = await service();
    await db.query({
      text: `insert into operation_counts (resolution, measure, at, value, n)
             select 'hour', m, h, v, case when h < $1::timestamptz - interval '24 hours' then old else new end
             from generate_series($1::timestamptz - interval '28 days', $1::timestamptz - interval '1 hour', interval '1 hour') h,
               (values ('decisions', 'allow', 95, 70), ('decisions', 'block', 5, 30)) x(m, v, old, new)`,
      values: ['2026-11-22T12:00:00Z'],
    });
    const one = await decided(db, minutesAgo(5), 'block');
    const hidden = await decided(db, minutesAgo(4), 'block');
    await db.query({
      text: `insert into cases (id, kind, generation_id, stage, decision_id, queue, restricted, opened_at) values ('case_r', 'generation', $1, 'prompt', $2, 'child_safety', true, now())`,
      values: [hidden.gen, hidden.dec],
    });
    const board = await readBoard(db, { now: NOW, hours: 24, hides: () => false });
    const found = board.drift.find(({ measure }) => measure === 'decisions');
    expect(found).toMatchObject({ level: 'alarm', moved: 'block', since: new Date('2026-11-21T12:00:00Z') });
    expect(found?.examples.map(({ generationId }) => generationId)).toEqual([one.gen]);
    expect(board.drift.filter(({ level }) => level !== 'calm')).toHaveLength(1);
    const from = new Date(NOW.getTime() - 3_600_000);
    expect(await findExamples(db, { measure: 'prompts', value: 'hate:0.6', from, limit: 5 })).toHaveLength(1);
    expect(await findExamples(db, { measure: 'prompts', value: 'none', from, limit: 5 })).toEqual([]);
  });

  it('hides counts that a reader may not learn of', async () => {
    const db = await service();
    await decided(db, minutesAgo(3), 'block', { category: 'sexual_minors' });
    await rollUp(db, NOW);
    const hides = (value: string) => value.startsWith('sexual_minors');
    const board = await readBoard(db, { now: NOW, hours: 24, hides });
    expect(board.categories).toEqual([]);
    expect(board.drift.flatMap(({ bins }) => bins.map(({ bin }) => bin)).filter(hides)).toEqual([]);
  });
});
