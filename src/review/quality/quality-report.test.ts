import { describe, expect, it } from 'vitest';
import { createRandom } from '../../prompts/classifier/train/random.ts';
import { biasAudit, goldScore, goldScores } from './gold-scores.ts';
import { agreementBy } from './quality-report.ts';
import type { QualityReview } from './read-reviews.ts';

const review = (more: Partial<QualityReview>): QualityReview => ({
  purpose: 'double',
  policy: 'intimacy',
  categories: ['sexual'],
  region: 'DE',
  language: 'de',
  first: 'release',
  second: 'release',
  by: 'user_a',
  decidedAt: new Date('2026-11-22T12:00:00Z'),
  ...more,
});
const many = (count: number, more: Partial<QualityReview>) => Array.from({ length: count }, () => review(more));

describe('agreement by policy', () => {
  const table = [
    ...many(40, { first: 'block', second: 'escalate' }),
    ...many(10, { first: 'block', second: 'release' }),
    ...many(10, { first: 'label', second: 'edit' }),
    ...many(940, {}),
  ];

  it('is about whether something is wrong with a case, and shows all decisions', () => {
    const [found] = agreementBy(table, 'policy');
    expect(found).toMatchObject({ group: 'intimacy', n: 1_000, prevalence: 0.05 });
    expect(found?.measures[0]).toMatchObject({ name: 'psa', value: 0.8 });
    expect(found?.measures.find(({ name }) => name === 'kappa')?.value).toBeCloseTo(15 / 19, 11);
    expect(found?.confusion.labels).toEqual(['block', 'edit', 'escalate', 'label', 'release']);
  });

  it('always comes with an interval that holds it', () => {
    for (const { value, low, high } of agreementBy(table, 'policy')[0]?.measures ?? []) {
      expect(low).toBeLessThan(value!);
      expect(high).toBeGreaterThan(value!);
    }
  });

  it('is split by category, language and region, where a case may be of several categories and of no region', () => {
    const mixed = [...many(3, { categories: ['sexual', 'hate'] }), ...many(2, { region: null, language: 'fr' })];
    expect(agreementBy(mixed, 'category').map(({ group, n }) => [group, n])).toEqual([
      ['sexual', 5],
      ['hate', 3],
    ]);
    expect(agreementBy(mixed, 'language').map(({ group, n }) => [group, n])).toEqual([
      ['de', 3],
      ['fr', 2],
    ]);
    expect(agreementBy(mixed, 'region').map(({ n }) => n)).toEqual([3]);
  });

  it('says nothing of nothing, and leaves gold cases out', () => {
    expect(agreementBy(many(5, { purpose: 'gold' }), 'policy')).toEqual([]);
    expect(agreementBy(many(5, {}), 'policy')[0]?.measures.find(({ name }) => name === 'kappa')).toEqual({
      name: 'kappa',
      value: null,
      low: null,
      high: null,
    });
  });
});

describe('answers to gold cases', () => {
  it('say nothing about one person before there are two hundred', () => {
    const score = goldScore([...many(190, { purpose: 'gold' }), ...many(9, { purpose: 'gold', second: 'block' })]);
    expect(score).toMatchObject({ gold: 199, correct: 190, isEnough: false });
    expect(goldScore(many(200, { purpose: 'gold' })).isEnough).toBe(true);
  });

  it('sound the alarm when somebody begins to err, and say when', () => {
    const late = new Date('2026-11-23T12:00:00Z');
    const score = goldScore([...many(100, { purpose: 'gold' }), ...many(10, { purpose: 'gold', second: 'block', decidedAt: late })]);
    expect(score.cusum.alarmAt).toEqual(late);
    expect(goldScore(many(100, { purpose: 'gold' })).cusum.alarmAt).toBeNull();
  });

  it('are never put into an order', () => {
    const scores = goldScores([
      ...many(5, { purpose: 'gold', by: 'user_b' }),
      ...many(9, { purpose: 'gold', by: 'user_a', second: 'block' }),
    ]);
    expect([...scores.keys()]).toEqual(['user_a', 'user_b']);
  });
});

describe('the bias audit', () => {
  const answers = (language: string, count: number, share: number, seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: count }, () => review({ purpose: 'gold', language, second: random.next() < share ? 'block' : 'release' }));
  };

  it('finds that cases in one language are judged worse', () => {
    const found = biasAudit([...answers('de', 300, 0.04, 1), ...answers('ar', 200, 0.2, 2)]).find(
      ({ dimension }) => dimension === 'language',
    );
    expect(found?.gap?.isBeyondChance).toBe(true);
  });

  it('finds nothing where errors are alike, and says nothing of small groups', () => {
    const found = biasAudit([...answers('de', 300, 0.05, 3), ...answers('fr', 200, 0.05, 4), ...answers('sw', 29, 1, 5)]);
    const language = found.find(({ dimension }) => dimension === 'language');
    expect(language?.groups.map(({ group }) => group)).toEqual(['de', 'fr']);
    expect(language?.gap?.isBeyondChance).toBe(false);
  });
});
