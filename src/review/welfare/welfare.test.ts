import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { Category } from '../../contracts/category.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { heldAct } from '../held.fixture.ts';
import { mayReview, withheldFrom, workingStateOf } from './may-review.ts';
import { SHIPPED_WELFARE } from './plan.ts';
import { readWelfare, recordExposure, setBreak, setOptOuts } from './welfare-store.ts';
import { workingState } from './working-state.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const minutesAgo = (minutes: number, ...categories: Category[]) => ({ seenAt: new Date(NOW.getTime() - minutes * 60_000), categories });
const state = (exposures: ReturnType<typeof minutesAgo>[], more: { optOuts?: Category[]; breakUntil?: Date } = {}) =>
  workingState({ exposures, optOuts: [], breakUntil: null, ...more }, SHIPPED_WELFARE, NOW);

describe('what a reviewer is spared', () => {
  it('counts a view by the gravest thing that it shows', () => {
    expect(state([minutesAgo(5, 'hate', 'violence_gore'), minutesAgo(6, 'ip'), minutesAgo(7)])).toMatchObject({ today: 7, pause: null });
  });

  it('gives no more once the budget of any 24 hours is used up, until enough of it is a day old', () => {
    const views = Array.from({ length: 40 }, (_, at) => minutesAgo(60 + at * 12, 'violence_gore'));
    const { pause, today } = state(views);
    expect(today).toBe(200);
    expect(pause).toEqual({ because: 'budget', resumesAt: new Date(NOW.getTime() + (24 * 60 - 60 - 39 * 12) * 60_000) });
  });

  it('lets no second budget begin at midnight, and none on the eighth day', () => {
    const lastNight = Array.from({ length: 40 }, (_, at) => minutesAgo(13 * 60 + at * 11, 'violence_gore'));
    expect(state(lastNight).pause?.because).toBe('budget');
    const week = Array.from({ length: 160 }, (_, at) => minutesAgo(1_500 + at * 50, 'violence_gore'));
    expect(state(week).pause?.because).toBe('budget');
  });

  it('ends one category alone when that was enough', () => {
    const views = Array.from({ length: 10 }, (_, at) => minutesAgo(at * 20 + 15, at % 2 === 0 ? 'sexual_minors' : 'hate'));
    expect(state(views).hidden.size).toBe(0);
    const more = Array.from({ length: 20 }, (_, at) => minutesAgo(at * 20 + 15, at % 2 === 0 ? 'sexual_minors' : 'ip'));
    expect([...state(more).hidden]).toEqual([['sexual_minors', { because: 'budget', resumesAt: expect.any(Date) }]]);
  });

  it('offers a break after 50 minutes of looking and insists after 90, and a pause of one’s own counts', () => {
    const looking = (minutes: number) => Array.from({ length: Math.floor(minutes / 5) + 1 }, (_, at) => minutesAgo(at * 5, 'ip'));
    expect(state(looking(40)).breakOffered).toBeNull();
    expect(state(looking(60))).toMatchObject({ breakOffered: 60, pause: null });
    expect(state(looking(90)).pause).toEqual({ because: 'break', resumesAt: new Date(NOW.getTime() + 10 * 60_000) });
    expect(state(looking(90).filter((_, at) => at < 8 || at > 11)).pause).toBeNull();
  });

  it('turns to something else after 25 of one kind in a row', () => {
    const row = Array.from({ length: 25 }, (_, at) => minutesAgo(at, 'hate'));
    expect(state(row).hidden.get('hate')).toEqual({ because: 'rotation', resumesAt: new Date(NOW.getTime() + 30 * 60_000) });
    expect(state([...row.slice(0, 12), minutesAgo(13, 'ip'), ...row.slice(13)]).hidden.size).toBe(0);
  });

  it('keeps away what somebody does not want to see, for as long as they say', () => {
    expect(state([], { optOuts: ['self_harm'] }).hidden.get('self_harm')).toEqual({ because: 'opt_out', resumesAt: null });
  });
});

describeEachDatabase('the record of what was seen', (open) => {
  async function desk() {
    const db = await open();
    await migrate(db);
    await writeActs(db, [heldAct(1)]);
    const look = (view: string, ...categories: Category[]) => recordExposure(db, { view, staff: 'user_a', caseId: 'case_1', categories });
    return { db, look };
  }

  it('counts each person’s own views, and nobody else’s', async () => {
    const { db, look } = await desk();
    await look('view_1', 'hate');
    await look('view_2', 'ip');
    expect((await workingStateOf(db, 'user_a')).today).toBe(3);
    expect((await workingStateOf(db, 'user_b')).today).toBe(0);
    expect((await readWelfare(db, 'user_a')).exposures.map(({ categories }) => categories)).toEqual([['ip'], ['hate']]);
  });

  it('says why somebody gets no case, and when again', async () => {
    const { db } = await desk();
    expect(await mayReview(db, 'user_a', ['hate'])).toEqual({ allowed: true });
    await setOptOuts(db, 'user_a', ['hate', 'hate']);
    expect(await mayReview(db, 'user_a', ['hate'])).toMatchObject({ allowed: false, because: 'opt_out', resumesAt: null });
    expect(await mayReview(db, 'user_a', ['ip'])).toEqual({ allowed: true });
    expect(await withheldFrom(db, 'user_a')).toEqual(['hate']);
    const until = new Date(Date.now() + 600_000);
    await setBreak(db, 'user_a', until);
    expect(await mayReview(db, 'user_a', [])).toMatchObject({ allowed: false, because: 'break', resumesAt: until });
    expect(await withheldFrom(db, 'user_a')).toBe('everything');
    await setBreak(db, 'user_a', null);
    expect(await withheldFrom(db, 'user_a')).toEqual(['hate']);
  });

  it('forgets what is too old to count', async () => {
    const { db, look } = await desk();
    await look('view_1', 'hate');
    await db.query({ text: "update exposures set seen_at = now() - interval '9 days'" });
    await look('view_2', 'ip');
    expect((await db.query({ text: 'select view from exposures' })).rows).toEqual([{ view: 'view_2' }]);
  });

  it('counts no view twice', async () => {
    const { look } = await desk();
    await look('view_1', 'hate');
    await expect(look('view_1', 'hate')).rejects.toThrow();
  });
});
