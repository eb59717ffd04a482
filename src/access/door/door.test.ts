import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Database } from '../../storage/database.ts';
import type { Answer, Ask } from '../limits/counter-store.ts';
import { limitRuleSchema } from '../limits/limit-rule.ts';
import { writeLimit } from '../limits/limit-store.ts';
import { addMeasure } from '../standing/measure.ts';
import { createDoor, type Door } from './door.ts';
import { askTogether } from './door-statement.ts';

const claim = (hash: string, bodyDigest: string) => ({ application: 'shop', hash, bodyDigest, until: new Date(Date.now() + 60_000) });
const wish = (subject: number, tightenedBy: readonly string[] = []): Ask => ({
  subject: `00000000-0000-4000-8000-${String(subject).padStart(12, '0')}`,
  rule: 'a',
  tightenedBy,
  need: 1,
  least: 1,
  extra: 0,
  back: null,
});
const count = (door: Door, ask: Ask) =>
  new Promise<Answer | undefined>((answered, failed) => door.count({ ask: () => ask, answered, failed }));

async function aLimit(db: Database, limit: number): Promise<void> {
  const rule = limitRuleSchema.parse({ what: 'requests', limit, window: 60 });
  await writeLimit(db, { id: 'a', rule, source: 'operator', reason: null, by: 'test' });
}

function measure(db: Database, userDigest: string, action: 'limit' | 'ban' | 'strike', until: Date | null = null) {
  const nobody = { reasons: [], caseId: null, caseDecisionId: null, generationId: null, decisionId: null, by: 'test' };
  return addMeasure(db, { application: 'shop', userDigest, action, until, ...nobody });
}

describeEachDatabase('the door', (open) => {
  it('asks for claim, standing and limits of one request, and of all that come with it, in one statement', async () => {
    const db = await open();
    await aLimit(db, 10);
    await measure(db, 'banned "one"', 'ban', new Date(Date.now() + 60_000));
    let statements = 0;
    const counted: Pick<Database, 'query'> = {
      query: (statement) => {
        statements += 1;
        return db.query(statement);
      },
    };
    const door = createDoor({ db: counted });
    const answers = [
      door.use(claim('aa', '"a" {digest}, \\')),
      door.look(['nobody']),
      count(door, wish(1)),
      door.use(claim('bb', 'b')),
      door.look(['banned "one"', 'x']),
      count(door, wish(2)),
    ];
    const [first, nothing, one, second, banned] = await Promise.all(answers);
    expect([first, second, nothing]).toEqual(['first', 'first', []]);
    expect(one).toMatchObject({ given: 1, used: 1 });
    expect(banned).toMatchObject([{ action: 'ban', userDigest: 'banned "one"', until: expect.any(Date) }]);
    expect(statements).toBe(1);
    await expect(door.use(claim('aa', '"a" {digest}, \\'))).resolves.toBe('again');
  });

  it('lets a claim be used for one request, whoever brings it, how often, and to how many processes at once', async () => {
    const db = await open();
    const processes = [createDoor({ db, concurrency: 2 }), createDoor({ db, concurrency: 2 }), createDoor({ db })];
    for (let round = 0; round < 8; round++) {
      const digests = Array.from({ length: 30 }, (_, i) => `request ${i % 5}`);
      const uses = await Promise.all(digests.map((digest, i) => processes[i % 3]!.use(claim(`0${round}`, digest))));
      const winner = digests[uses.indexOf('first')];
      expect(uses.filter((use) => use === 'first')).toHaveLength(1);
      expect(uses.map((use, i) => (use === null) === (digests[i] !== winner))).not.toContain(false);
    }
  });

  it('knows nothing of anybody while the database is away, and everything again when it is back', async () => {
    const db = await open();
    await aLimit(db, 10);
    let isAway = true;
    const query: Database['query'] = (statement) =>
      isAway ? Promise.reject(new ImprimaturError('STORAGE_UNAVAILABLE')) : db.query(statement);
    const failures: unknown[] = [];
    const door = createDoor({ db: { query }, onError: (error) => failures.push(error) });
    const asked = () => Promise.allSettled([door.use(claim('cc', 'c')), door.look(['x']), count(door, wish(1)), count(door, wish(2))]);
    expect((await asked()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(failures).toHaveLength(1);
    isAway = false;
    expect((await asked()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
  });

  describe('for a user whom a person limited', () => {
    it('gives a quarter of the limit from the next request on, and all of it to others and afterwards', async () => {
      const db = await open();
      await aLimit(db, 8);
      await measure(db, 'striker', 'strike');
      const given = async (subject: number, ...digests: string[]) => {
        const { answers } = await askTogether(db, { asks: [wish(subject, digests)] });
        return [...answers.values()][0]?.given;
      };
      const times = async (subject: number, ...digests: string[]) => {
        let sum = 0;
        for (let i = 0; i < 10; i++) sum += (await given(subject, ...digests)) ?? 0;
        return sum;
      };
      expect(await times(1, 'striker')).toBe(8);
      await measure(db, 'limited', 'limit');
      expect([await times(2, 'limited'), await times(3, 'friend'), await times(4, 'friend', 'limited')]).toEqual([2, 8, 2]);
      await db.query({ text: `update user_measures set until = clock_timestamp() where user_digest = 'limited'` });
      expect(await times(2, 'limited')).toBe(6);
    });
  });
});
