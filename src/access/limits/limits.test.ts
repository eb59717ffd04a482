import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { aSubmission } from '../../contracts/stages.fixture.ts';
import type { Database } from '../../storage/database.ts';
import { createDoor } from '../door/door.ts';
import { askTogether } from '../door/door-statement.ts';
import type { Grant } from './count.ts';
import { type Ask, look } from './counter-store.ts';
import { createLeases, type Leases } from './leases.ts';
import { limitRuleSchema } from './limit-rule.ts';
import { writeLimit } from './limit-store.ts';
import { createLimits } from './limits.ts';
import { createPricing } from './pricing.ts';

const SUBJECT = '00000000-0000-4000-8000-000000000001';
const START_US = Date.UTC(2026, 10, 22, 12) * 1_000;

async function aLimit(db: Database, more: Record<string, unknown> = {}) {
  const rule = limitRuleSchema.parse({ what: 'requests', limit: 10, window: 60, ...more });
  const write = (changed: Record<string, unknown> = {}) =>
    writeLimit(db, { id: 'a', rule: limitRuleSchema.parse({ ...rule, ...changed }), source: 'operator', reason: null, by: 'test' });
  await write();
  return { write };
}

const ask = (more: Partial<Ask>): Ask => ({
  subject: SUBJECT,
  rule: 'a',
  tightenedBy: [],
  need: 0,
  least: more.need ?? 0,
  extra: 0,
  back: null,
  ...more,
});
const takeAll = async (db: Database, asks: readonly Ask[], us: number) => (await askTogether(db, { asks }, us)).answers;
async function take(db: Database, us: number, more: Partial<Ask>) {
  const answer = (await takeAll(db, [ask(more)], us)).get(SUBJECT);
  if (answer === undefined) throw new Error('there is no such limit');
  return answer;
}

describeEachDatabase('limits', (open) => {
  describe('a count of a sliding window', () => {
    it('gives never more in any window than the limit, and nothing later than one part after it could', async () => {
      const db = await open();
      await aLimit(db);
      const [windowUs, partUs, limit] = [60_000_000, 1_000_000, 10];
      let subjects = 0;
      const step = fc.record({ pauseUs: fc.integer({ min: 1, max: 20_000_000 }), need: fc.integer({ min: 1, max: 12 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const subject = `00000000-0000-4000-8000-${String(++subjects).padStart(12, '0')}`;
          const given: { at: number; amount: number }[] = [];
          const usedSince = (since: number) => given.filter(({ at }) => at > since).reduce((sum, { amount }) => sum + amount, 0);
          let now = START_US;
          for (const { pauseUs, need } of steps) {
            now += pauseUs;
            const { given: amount = 0, retryMs } = (await takeAll(db, [ask({ subject, need, least: need })], now)).get(subject) ?? {};
            const [exactly, cautiously] = [usedSince(now - windowUs), usedSince(now - windowUs - partUs)];
            if (exactly + need > limit) expect(amount).toBe(0);
            if (cautiously + need <= limit) expect(amount).toBe(need);
            if (amount === 0 && need <= limit) expect(retryMs).toBeGreaterThan(0);
            if (amount > 0) given.push({ at: now, amount });
          }
          for (const { at } of given) expect(usedSince(at - windowUs) - usedSince(at)).toBeLessThanOrEqual(limit);
        }),
        { numRuns: 12 },
      );
    });

    it('says when to come back, and is right about it', async () => {
      const db = await open();
      await aLimit(db);
      await take(db, START_US, { need: 4 });
      await take(db, START_US + 5_500_000, { need: 6 });
      const { given, retryMs } = await take(db, START_US + 6_000_000, { need: 5 });
      expect([given, retryMs]).toEqual([0, 60_000]);
      expect((await take(db, START_US + 6_000_000 + 60_000_000, { need: 5 })).given).toBe(5);
      expect((await take(db, START_US, { need: 11 })).retryMs).toBeNull();
    });

    it('goes by the count that stands there when the limit is changed in the midst of a window, and counts nothing twice', async () => {
      const db = await open();
      const { write } = await aLimit(db);
      await take(db, START_US, { need: 8 });
      await write({ limit: 5 });
      expect((await take(db, START_US + 1, { need: 1 })).given).toBe(0);
      await write({ limit: 9 });
      expect([(await take(db, START_US + 2, { need: 2 })).given, (await take(db, START_US + 2, { need: 1 })).given]).toEqual([0, 1]);
      await write({ limit: 9, window: 600 });
      expect(await take(db, START_US + 59_000_000, { need: 1 })).toMatchObject({ given: 0, used: 9 });
      await write({ limit: 9, window: 10 });
      expect(await take(db, START_US + 59_000_000, { need: 1 })).toMatchObject({ given: 1, used: 1 });
    });

    it('opens no new window for a clock that is set back', async () => {
      const db = await open();
      await aLimit(db);
      await take(db, START_US, { need: 10 });
      expect((await take(db, START_US - 3_600_000_000, { need: 1 })).given).toBe(0);
    });

    it('gives less on top the nearer the limit is, takes back what was not used, and warns once in a window', async () => {
      const db = await open();
      await aLimit(db, { limit: 1_000, warn_at: 0.5 });
      const first = await take(db, START_US, { need: 1, extra: 10_000 });
      expect(first).toMatchObject({ given: 125, used: 125, warns: false });
      await take(db, START_US, { back: { end: first.end, amount: 100 } });
      expect(await look(db, { subject: SUBJECT, rule: 'a' }, START_US)).toMatchObject({ used: 25, limit: 1_000 });
      await take(db, START_US, { back: { end: first.end, amount: 1_000_000 } });
      expect(await take(db, START_US, { need: 500 })).toMatchObject({ used: 500, warns: true });
      expect(await take(db, START_US, { need: 400, extra: 100 })).toMatchObject({ given: 412, warns: false });
      expect((await take(db, START_US + 61_500_000, { need: 600 })).warns).toBe(true);
    });

    it('renews a budget when the calendar turns in UTC', async () => {
      const db = await open();
      await aLimit(db, { window: 'month' });
      const lastMoment = Date.UTC(2026, 11, 1) * 1_000 - 1_000;
      await take(db, START_US, { need: 10 });
      expect(await take(db, lastMoment, { need: 1 })).toMatchObject({ given: 0, retryMs: 1, resetMs: 1 });
      expect((await take(db, lastMoment + 1_000, { need: 1 })).given).toBe(1);
    });
  });

  describe('leases', () => {
    async function processes(db: Database, count: number, clock?: { now: () => number; us: () => number }) {
      const parts = { patienceMs: 10_000, onWarning: () => undefined, ...(clock === undefined ? {} : { clock }) };
      const us = clock === undefined ? {} : { us: clock.us };
      return Array.from({ length: count }, () => createLeases(() => SUBJECT, { ...parts, door: createDoor({ db, ...us }) }));
    }
    const wish = { text: 'a', rule: 'a', application: null, tightenedBy: [], amount: 1 };
    const given = (grants: readonly Grant[]) => grants.filter(({ kind }) => kind === 'given').length;
    const hammer = async (leases: Leases, times: number) => {
      const grants: Grant[] = [];
      for (let i = 0; i < times; i++) grants.push(await leases.take(wish));
      return grants;
    };

    it('of four processes together give exactly the limit, however hot', async () => {
      const db = await open();
      await aLimit(db, { limit: 700 });
      const all = await processes(db, 4);
      const grants = (await Promise.all(all.flatMap((leases) => Array.from({ length: 10 }, () => hammer(leases, 25))))).flat();
      // What one process leased and gave back, another could have had.
      expect(given(grants)).toBeLessThanOrEqual(700);
      for (const leases of all) await leases.stop();
      const { used = 0 } = (await look(db, { subject: SUBJECT, rule: 'a' })) ?? {};
      expect(used).toBe(given(grants));
      const rest = await hammer(all[0]!, 701 - used);
      expect(given(rest)).toBe(700 - used);
    });

    it('last no longer than the part of the window in which they were taken', async () => {
      const db = await open();
      await aLimit(db, { limit: 1_000 });
      let us = START_US + 400_000;
      const [leases] = await processes(db, 1, { now: () => us / 1_000, us: () => us });
      await Promise.all(Array.from({ length: 40 }, () => leases!.take(wish)));
      us += 1_000;
      await leases!.take(wish);
      expect(leases!.find('a')!.left).toBeGreaterThan(0);
      expect(leases!.take(wish)).not.toBeInstanceOf(Promise);
      us += 600_000;
      expect(leases!.take(wish)).toBeInstanceOf(Promise);
      await leases!.stop();
      expect(await look(db, { subject: SUBJECT, rule: 'a' }, us)).toMatchObject({ used: 43 });
    });

    it('that were asked for early count once when they are wanted, and not at all when they are not', async () => {
      const db = await open();
      await aLimit(db, { limit: 3 });
      const [leases] = await processes(db, 1);
      const { id, rule, ...rest } = { id: 'a', rule: limitRuleSchema.parse({ what: 'requests', limit: 3, window: 60 }), version: 1 };
      const limit = { id, rule, ...rest, source: 'operator' as const, reason: null, changedBy: 'test', changedAt: new Date() };
      const charges = {
        setAside: () => undefined,
        settle: () => undefined,
        settleAbandoned: async () => undefined,
        drain: async () => undefined,
      };
      const standing = { isLimited: async () => false, digestsOf: () => [] };
      const parts = { current: () => [limit], leases: leases!, charges, pricing: createPricing({}), standing, onRefused: () => undefined };
      const limits = createLimits(parts);
      for (let i = 0; i < 4; i++) {
        const unwanted = aSubmission();
        limits.begin(unwanted);
        limits.forgo(unwanted);
      }
      const wanted = aSubmission();
      limits.begin(wanted);
      limits.begin(wanted);
      for (const one of [wanted, aSubmission(), aSubmission()]) await expect.poll(() => limits.admit(one).then(() => true)).toBe(true);
      await expect(limits.admit(aSubmission())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await leases!.stop();
      expect(await look(db, { subject: SUBJECT, rule: 'a' })).toMatchObject({ used: 3 });
    });

    it('are recalled when the limit changes, and a limit that is gone limits nobody', async () => {
      const db = await open();
      const { write } = await aLimit(db, { limit: 1 });
      const [leases] = await processes(db, 1);
      await hammer(leases!, 1);
      expect((await leases!.take(wish)).kind).toBe('refused');
      expect(leases!.take(wish)).toMatchObject({ kind: 'refused' });
      await write({ limit: 2 });
      leases!.recall(new Set(['a']));
      expect((await leases!.take(wish)).kind).toBe('given');
      await db.query({ text: 'delete from limits' });
      leases!.recall(new Set(['a']));
      expect((await leases!.take(wish)).kind).toBe('gone');
      await leases!.stop();
    });

    it('go on while the database is away, and whatever they do not cover is refused as unreadable, not as too much', async () => {
      const db = await open();
      await aLimit(db, { limit: 1_000 });
      let isAway = false;
      const fickle: Database = { ...db, query: (statement) => (isAway ? Promise.reject(new Error('gone')) : db.query(statement)) };
      const [leases] = await processes(fickle, 1);
      await Promise.all(Array.from({ length: 50 }, () => leases!.take(wish)));
      await leases!.take(wish);
      isAway = true;
      const { left } = leases!.find('a')!;
      expect(left).toBeGreaterThan(0);
      expect(given(await hammer(leases!, left))).toBe(left);
      await expect(leases!.take(wish)).rejects.toMatchObject({ code: 'LIMITS_UNREADABLE', status: 503 });
      isAway = false;
      expect((await leases!.take(wish)).kind).toBe('given');
      await leases!.stop();
    });
  });
});
