import { describe, expect, it } from 'vitest';
import { createRandom } from '../prompts/classifier/train/random.ts';
import { meanInterval, wilson } from './intervals.ts';
import { gapByChance, holm } from './permutation.ts';

describe('intervals and permutation tests', () => {
  it.each([
    // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])('give the interval of %i of %i that Newcombe prints', (count, of, low, high) => {
    expect(wilson(count, of).low).toBeCloseTo(low, 4);
    expect(wilson(count, of).high).toBeCloseTo(high, 4);
  });

  it('know nothing of nothing', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('correct several tests as p.adjust(…, "holm") of R does', () => {
    expect(holm([0.01, 0.02, 0.03, 0.04])).toEqual([0.04, 0.06, 0.06, 0.06]);
    expect(holm([0.5, 0.001, 0.9])).toEqual([1, 0.003, 1]);
    expect(holm([])).toEqual([]);
  });

  it('find by permutation the share of the 20 ways that is as far apart', () => {
    const groups = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const chances = [1, 2, 3, 4, 5].map((seed) => gapByChance(groups, createRandom(seed)));
    expect(chances.reduce((sum, chance) => sum + chance / 5, 0)).toBeCloseTo(2 / 20, 2);
  });

  it('call a difference chance where groups are alike, and not where they differ', () => {
    const draw = createRandom(7);
    const errors = (rate: number) => Array.from({ length: 80 }, () => (draw.next() < rate ? 1 : 0));
    expect(gapByChance([errors(0.1), errors(0.1), errors(0.1)], createRandom(1))).toBeGreaterThan(0.05);
    expect(gapByChance([errors(0.02), errors(0.02), errors(0.4)], createRandom(1))).toBeLessThan(0.001);
  });

  it('bootstrap a mean near the interval of theory, wider where pictures are of one person, and again the same', () => {
    const draw = createRandom(3);
    const values = Array.from({ length: 400 }, () => draw.next());
    const alone = meanInterval(
      values.map((value, at) => ({ cluster: String(at), value })),
      createRandom(5),
    );
    // 1.96 standard errors of a uniform variable.
    expect(alone.high - alone.low).toBeCloseTo(2 * 1.96 * Math.sqrt(1 / 12 / 400), 2);
    const twice = values.flatMap((value, at) => [
      { cluster: String(at), value },
      { cluster: String(at), value },
    ]);
    const clustered = meanInterval(twice, createRandom(5));
    expect(clustered.high - clustered.low).toBeCloseTo(alone.high - alone.low, 2);
    expect(meanInterval(twice, createRandom(5))).toEqual(clustered);
  });
});
