import { describe, expect, it } from 'vitest';
import { createRandom } from '../prompts/classifier/train/random.ts';
import { changePoints } from './change-points.ts';
import { chiSquareTail } from './chi-square.ts';
import { cusum } from './cusum.ts';
import { stability } from './stability.ts';

describe('the drift alarm on gold items', () => {
  /** Gold items until the alarm, for a reviewer who errs in this share of cases. */
  function untilAlarm(share: number, runs: number): number[] {
    const random = createRandom(11);
    return Array.from({ length: runs }, () => {
      const errors: boolean[] = [];
      for (;;) {
        for (let n = 0; n < 400; n++) errors.push(random.next() < share);
        const { alarmAt } = cusum(errors);
        if (alarmAt !== null) return alarmAt + 1;
      }
    }).toSorted((a, b) => a - b);
  }

  it('sounds falsely once in about 878 items', () => {
    const runs = untilAlarm(0.05, 3_000);
    expect(runs.reduce((sum, run) => sum + run, 0) / runs.length).toBeGreaterThan(820);
  });

  it('finds nine of ten drops by ten points within 82 items, half of them within 35', () => {
    const runs = untilAlarm(0.15, 3_000);
    expect(runs[Math.floor(0.9 * runs.length)]).toBeLessThanOrEqual(84);
    expect(runs[Math.floor(0.5 * runs.length)]).toBeLessThanOrEqual(36);
  });

  it('adds the log-likelihood ratio of each answer and never falls below zero', () => {
    const { values, alarmAt } = cusum([false, true, false, true, true, true, true]);
    expect(values[0]).toBe(0);
    expect(values[1]).toBeCloseTo(Math.log(3), 12);
    expect(values[2]).toBeCloseTo(Math.log(3) + Math.log(0.85 / 0.95), 12);
    expect(alarmAt).toBe(5);
    expect(cusum([]).alarmAt).toBeNull();
  });
});

describe('the stability of a distribution', () => {
  const counts = (...values: number[]) => new Map(values.map((value, at) => [`bin ${at}`, value]));

  it('is the sum of (a − e) ln(a / e), with half an item in each bin', () => {
    expect(stability(counts(500, 300, 200), counts(450, 330, 220)).psi).toBeCloseTo(0.010003906348121837, 11);
  });

  it('is calm about few items that look far off, and alarmed by as large a move of many', () => {
    expect(stability(counts(5, 5, 5), counts(8, 3, 4)).level).toBe('calm');
    const moved = stability(counts(5_000, 3_000, 2_000), counts(200, 300, 500));
    expect(moved.level).toBe('alarm');
    expect(moved.bins.at(-1)?.bin).toBe('bin 1');
  });

  it('raises a false alarm in fewer than one of two hundred comparisons of the same traffic', () => {
    const random = createRandom(5);
    const draw = (n: number) => {
      const values = [0, 0, 0, 0];
      for (let i = 0; i < n; i++) values[[0, 0, 0, 0, 0, 1, 1, 2, 2, 3][random.below(10)] ?? 0]! += 1;
      return counts(...values);
    };
    const levels = Array.from({ length: 400 }, () => stability(draw(3_000), draw(150)).level);
    expect(levels.filter((level) => level !== 'calm').length).toBeLessThanOrEqual(2);
  });

  it('knows nothing of nothing', () => {
    expect(stability(new Map(), new Map())).toMatchObject({ psi: 0, level: 'calm' });
    expect(stability(counts(10), new Map()).level).toBe('calm');
  });

  it.each([
    [3.84, 1, 0.05004352124870519],
    [0.5, 3, 0.9188914116546758],
    [20, 10, 0.029252688076961124],
    [100, 9, 1.5735176303753876e-17],
    [0.001, 5, 0.9999999983185123],
    [0, 4, 1],
  ])('has the tail of χ² = %d with %i degrees of freedom', (x, degrees, tail) => {
    expect(Math.abs(chiSquareTail(x, degrees) / tail - 1)).toBeLessThan(1e-9);
  });
});

describe('change points', () => {
  const hours = (shares: readonly number[], random = createRandom(9)) =>
    shares.map((share) => ({ of: 200, hits: Array.from({ length: 200 }, () => random.next() < share).filter(Boolean).length }));
  const many = (share: number, count: number) => Array.from({ length: count }, () => share);

  it('are found where a share of refusals doubled, and where it fell back', () => {
    const found = changePoints(hours([...many(0.05, 60), ...many(0.12, 24), ...many(0.05, 60)]), createRandom(1));
    expect(found.map(({ at }) => Math.round(at / 4))).toEqual([15, 21]);
    expect(found[0]?.after).toBeGreaterThan(found[0]?.before ?? 1);
  });

  it('are not found in traffic that only varies', () => {
    const falsely = Array.from(
      { length: 20 },
      (_, seed) => changePoints(hours(many(0.05, 72), createRandom(seed)), createRandom(seed)).length,
    );
    expect(falsely.filter((count) => count > 0).length).toBeLessThanOrEqual(2);
  });

  it('need more than a few stretches, and any traffic at all', () => {
    expect(changePoints(hours([0.1, 0.9]), createRandom(1))).toEqual([]);
    expect(
      changePoints(
        Array.from({ length: 48 }, () => ({ hits: 0, of: 0 })),
        createRandom(1),
      ),
    ).toEqual([]);
  });
});
