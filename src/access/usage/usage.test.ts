import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { CaseId } from '../../contracts/ids.ts';
import { aSubmission } from '../../contracts/stages.fixture.ts';
import { plainWish } from '../../review/decision-wish.ts';
import { reviewCase } from '../../settle/review-case.ts';
import { storedStage } from '../../stored-toolbox.fixture.ts';
import { planted } from '../../toolbox.fixture.ts';
import { costOfGeneration, createPricing } from '../limits/pricing.ts';
import { closeDay, nextDay, prepareDay } from './close-day.ts';
import { closedDays, openUsage, usageLines } from './read-usage.ts';
import { usageCsv, usageEvents } from './usage-formats.ts';
import type { UsageLine } from './usage-line.ts';

const staff = { id: 'key_op', roles: ['operator'] } as const;
const pricing = createPricing({ studio: { units: 3, prices: [{ size: '512x512', units: 7 }], byUsage: false } });
const gather = {
  costOf: (request: Parameters<typeof costOfGeneration>[0], outcome: Parameters<typeof costOfGeneration>[1]) =>
    costOfGeneration(request, outcome, { pricing, chargeHeld: false }),
  chargeReviews: true,
};

describeEachDatabase('usage', (open) => {
  async function shop(more: Partial<typeof gather> = {}) {
    const db = await open();
    const stored = await storedStage(db, {
      find: ({ subject, prompt }) => (subject.kind === 'artifact' && prompt.startsWith('held') ? [planted(subject, 'hate', 0.6)] : []),
    });
    const ask = async (day: string, prompt = 'a ball', parameters = {}) => {
      const request = { prompt, parameters };
      const submission = aSubmission({ request, receivedAt: new Date(`${day}T12:00:00Z`) });
      return (await stored.conductor.conduct(submission)).outcome;
    };
    const close = async (day: string) => {
      const prepared = await prepareDay(db, { day, at: new Date(`${day}T23:59:59Z`) }, { ...gather, ...more });
      return db.transaction((tx) => closeDay(tx, prepared, stored.journal));
    };
    const lines = (day: string) => usageLines(db, day, day);
    return { ...stored, db, ask, close, lines };
  }
  const brief = ({ for_day, size, counts }: UsageLine) => [for_day, size, counts];

  it('is told once for each day, by size, with its true cost; a day that was closed says the same ever after', async () => {
    const { ask, close, lines, db, entries } = await shop();
    await ask('2026-11-20');
    await ask('2026-11-20', 'a ball', { size: '512x512' });
    await ask('2026-11-20', 'a ball', { size: '=HYPERLINK("x")' });
    await ask('2026-11-21');
    expect(await nextDay(db)).toBe('2026-11-20');
    expect(await close('2026-11-20')).toBe(true);
    const told = await lines('2026-11-20');
    expect(told.map(brief)).toMatchObject([
      ['2026-11-20', '512x512', { requests: 1, pictures: 1, cost_units: 7 }],
      ['2026-11-20', 'auto', { requests: 1, pictures: 1, cost_units: 3 }],
      ['2026-11-20', 'other', { requests: 1, pictures: 1, cost_units: 3 }],
    ]);
    expect(await close('2026-11-20')).toBe(false);
    expect(await lines('2026-11-20')).toEqual(told);
    expect(await close('2026-11-21')).toBe(true);
    expect((await lines('2026-11-21')).map(brief)).toMatchObject([['2026-11-21', 'auto', { requests: 1 }]]);
    const [day] = await closedDays(db, '2026-11-20', '2026-11-20');
    expect(await entries()).toContainEqual(
      expect.objectContaining({ kind: 'usage.closed', day: '2026-11-20', sha256: day?.sha256, lines: 3 }),
    );
  });

  it('tells what became of a held request later as a correction, and counts nothing twice', async () => {
    const { ask, close, lines, review, db } = await shop();
    const outcome = await ask('2026-11-20', 'held');
    await close('2026-11-20');
    expect((await lines('2026-11-20')).map(brief)).toMatchObject([
      ['2026-11-20', 'auto', { requests: 1, pictures: 0, held: 1, cost_units: 0 }],
    ]);
    const caseId = outcome.kind === 'held' ? outcome.caseId : ('case_' satisfies CaseId);
    await reviewCase(plainWish({ caseId, decision: 'release', staff }), review);
    expect((await openUsage(db, new Date(), gather)).map(brief)).toMatchObject([['2026-11-20', 'auto', { requests: 0, released: 1 }]]);
    await close('2026-11-21');
    const corrections = await lines('2026-11-21');
    expect(corrections.map(brief)).toEqual([
      [
        '2026-11-20',
        'auto',
        { requests: 0, pictures: 1, refused: 0, held: 0, released: 1, failed: 0, reviews: 1, reviews_charged: 1, cost_units: 3 },
      ],
    ]);
    await close('2026-11-22');
    expect(await lines('2026-11-22')).toEqual([]);
    expect(usageEvents(corrections, 'here')).toMatchObject([
      {
        specversion: '1.0',
        type: 'imprimatur.usage.correction.v1',
        id: expect.stringMatching(/^2026-11-21-[0-9a-f]{32}$/),
        data: { pictures: 1 },
      },
    ]);
  });

  it('charges no review and no held picture where reviews are not charged, and says how many there were all the same', async () => {
    const { ask, close, lines, review } = await shop({ chargeReviews: false });
    const outcome = await ask('2026-11-20', 'held');
    if (outcome.kind !== 'held') throw new Error('nothing is held');
    await reviewCase(plainWish({ caseId: outcome.caseId, decision: 'block', reasons: ['planted'], staff }), review);
    await close('2026-11-20');
    expect((await lines('2026-11-20')).map(({ counts }) => counts)).toMatchObject([
      { requests: 1, pictures: 0, held: 1, released: 0, reviews: 1, reviews_charged: 0, cost_units: 0 },
    ]);
  });

  it('is closed by one of several processes that try at once', async () => {
    const { ask, close, lines } = await shop();
    await ask('2026-11-20');
    expect((await Promise.all([close('2026-11-20'), close('2026-11-20')])).filter(Boolean)).toHaveLength(1);
    expect(await lines('2026-11-20')).toHaveLength(1);
  });
});

it('gives a spreadsheet no formula, and every field its quotes', () => {
  const counts = { requests: -1, pictures: 0, refused: 0, held: 0, released: 0, failed: 0, reviews: 0, reviews_charged: 0, cost_units: -3 };
  const names = {
    application: '=cmd()',
    surface: '@SUM(1)',
    key_id: '-1+1',
    model: 'a "b", c',
    operation: '\tx',
    size: '+1',
    quality: 'auto',
  };
  const [head, line, end] = usageCsv([{ day: '2026-11-21', for_day: '2026-11-20', ...names, counts }]).split('\r\n');
  expect(head).toBe(
    'day,for_day,kind,application,surface,key_id,model,operation,size,quality,requests,pictures,refused,held,released,failed,reviews,reviews_charged,cost_units',
  );
  expect(line).toBe(
    `"2026-11-21","2026-11-20","correction","'=cmd()","'@SUM(1)","'-1+1","a ""b"", c","'\tx","'+1","auto",-1,0,0,0,0,0,0,0,-3`,
  );
  expect(end).toBe('');
});
