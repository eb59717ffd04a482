import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { GenerationId } from '../../contracts/ids.ts';
import type { Database } from '../../storage/database.ts';
import { createDoor } from '../door/door.ts';
import { askTogether } from '../door/door-statement.ts';
import { createCharges } from './charges.ts';
import { look } from './counter-store.ts';
import { createLeases } from './leases.ts';
import { limitRuleSchema } from './limit-rule.ts';
import { writeLimit } from './limit-store.ts';
import { createPricing, modelPrice } from './pricing.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const SUBJECT = '00000000-0000-4000-8000-000000000001';

async function budgetOf(db: Database, limit: number, more: Record<string, unknown> = {}) {
  const rule = limitRuleSchema.parse({ what: 'cost', limit, window: 'month', ...more });
  await writeLimit(db, { id: 'a', rule, source: 'operator', reason: null, by: 'test' });
}

async function take(db: Database, need: number, more: { extra?: number; back?: { end: number; amount: number } } = {}) {
  const ask = { subject: SUBJECT, rule: 'a', tightenedBy: [], need, least: need, extra: 0, back: null, ...more };
  const answer = (await askTogether(db, { asks: [ask] })).answers.get(SUBJECT);
  if (answer === undefined) throw new Error('there is no such limit');
  return answer;
}

describeEachDatabase('budgets at their extremes', (open) => {
  it('count to the largest number that there is, and no further: nothing overflows into something free', async () => {
    const db = await open();
    await budgetOf(db, MOST, { warn_at: 1 });
    expect(await take(db, MOST - 1, { extra: MOST })).toMatchObject({ given: expect.any(Number), limit: MOST });
    const { used } = await take(db, 0);
    expect(used).toBeGreaterThanOrEqual(MOST - 1);
    expect(used).toBeLessThanOrEqual(MOST);
    expect(await take(db, MOST)).toMatchObject({ given: 0 });
    expect(await take(db, 1, { extra: MOST })).toMatchObject({ given: MOST - used });
    expect(await look(db, { subject: SUBJECT, rule: 'a' })).toMatchObject({ used: MOST });
  });

  it('never go below nothing, however much is given back, and whatever a limit was lowered to', async () => {
    const db = await open();
    await budgetOf(db, 100);
    const { end } = await take(db, 10);
    expect(await take(db, 0, { back: { end, amount: MOST } })).toMatchObject({ used: 0 });
    await take(db, 60);
    await budgetOf(db, 5);
    expect(await take(db, 1)).toMatchObject({ given: 0, used: 60, limit: 5 });
    await budgetOf(db, 61);
    expect([(await take(db, 2)).given, (await take(db, 1)).given, (await take(db, 1)).given]).toEqual([0, 1, 0]);
  });

  it('that turn out dearer than what was set aside are over what they allow, and let nobody in until the calendar turns', async () => {
    const db = await open();
    await budgetOf(db, 100);
    const { end } = await take(db, 10);
    const prices = { studio: modelPrice.parse({ units: 10, byUsage: true }) };
    const charges = createCharges({ db, onError: () => undefined, pricing: createPricing(prices), chargeHeld: true });
    const generation: GenerationId = 'gen_dear';
    const charged = { what: 'cost', model: 'studio', pictures: 1, perPicture: 10 } as const;
    charges.setAside([{ ...charged, generation, subject: SUBJECT, rule: 'a', amount: 10, end }]);
    const outcome = { kind: 'published', createdAt: '', decisionId: 'dec_1', policy: 'p', details: {}, notes: [] } as const;
    const artifacts = [{ id: 'art_1', format: 'png', sha256: '' }] as const;
    const settle = () => charges.settle(generation, { ...outcome, artifacts, usage: { total_tokens: 1_000_000_000 } });
    settle();
    settle();
    await charges.drain();
    expect(await take(db, 1)).toMatchObject({ given: 0, used: 1_000_000_000, limit: 100 });
    await budgetOf(db, 1_000_000_001);
    expect((await take(db, 1)).given).toBe(1);
  });

  it('let nobody in uncounted while the store hangs, say soon that nobody can say, and count nothing of what was answered too late', async () => {
    const db = await open();
    await budgetOf(db, 3, { what: 'requests' });
    let answers: Promise<void> = new Promise<void>((resolve) => setTimeout(resolve, 600));
    const hanging: Pick<Database, 'query'> = { query: (statement) => answers.then(() => db.query(statement)) };
    const leases = createLeases(() => SUBJECT, { door: createDoor({ db: hanging }), patienceMs: 100, onWarning: () => undefined });
    const take = async () => leases.take({ text: 'a', rule: 'a', application: null, tightenedBy: [], amount: 1 });
    const startedAt = performance.now();
    const asked = await Promise.allSettled([take(), take(), take(), take()]);
    expect(performance.now() - startedAt).toBeLessThan(500);
    for (const one of asked) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'LIMITS_UNREADABLE', status: 503 } });
    await answers;
    answers = Promise.resolve();
    for (const kind of ['given', 'given', 'given', 'refused']) expect((await take()).kind).toBe(kind);
    await leases.stop();
    expect(await look(db, { subject: SUBJECT, rule: 'a' })).toMatchObject({ used: 3 });
  });
});

describe('what cannot be a limit or a price', () => {
  const rule = { what: 'cost', limit: 5, window: 60 };
  it.each([
    [{ limit: 0 }, 'limit'],
    [{ limit: -5 }, 'limit'],
    [{ limit: 0.5 }, 'limit'],
    [{ limit: MOST + 1 }, 'limit'],
    [{ limit: Number.POSITIVE_INFINITY }, 'limit'],
    [{ window: 0 }, 'window'],
    [{ window: -60 }, 'window'],
    [{ window: 31 * 86_400 + 1 }, 'window'],
    [{ warn_at: 0 }, 'warn_at'],
    [{ warn_at: -0.5 }, 'warn_at'],
    [{ warn_at: 1.01 }, 'warn_at'],
  ])('%o is refused by its name', (wrong, name) => {
    const parsed = limitRuleSchema.safeParse({ ...rule, ...wrong });
    expect([...new Set(parsed.error?.issues.map(({ path }) => path[0]))]).toEqual([name]);
  });

  it.each([-1, 0.5, 1_000_000_001, Number.NaN])('%d is no price, so nobody earns by asking', (units) => {
    expect(modelPrice.safeParse({ units }).success).toBe(false);
    expect(modelPrice.safeParse({ prices: [{ quality: 'high', units }] }).success).toBe(false);
  });
});
