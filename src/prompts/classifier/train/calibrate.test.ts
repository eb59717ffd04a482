import { describe, expect, it } from 'vitest';
import { flaggedShare, flaggingValues, type HarmlessSet, knotsOf } from './calibrate.ts';
import { HEADS } from './heads.ts';
import { createRandom } from './random.ts';

const random = createRandom(5);
const noisy = (name: string, budget: number, shift: number): HarmlessSet => ({
  name,
  budget,
  isPrompts: false,
  values: Array.from({ length: 2_000 }, () => HEADS.map(() => Math.log(random.next()) * -1 + shift)),
});

describe('calibrating', () => {
  it('flags no set of harmless texts beyond its budget, though every head may flag', () => {
    const sets = [noisy('captions', 0.004, 0), noisy('one language', 0.01, 0.5), noisy('users', 0.02, 0)];
    const thresholds = flaggingValues(
      sets,
      HEADS.map(() => []),
    );
    for (const set of sets) expect(flaggedShare(set, thresholds)).toBeLessThanOrEqual(set.budget);
    const users = sets.map((set) => flaggedShare(set, thresholds));
    expect(Math.max(...users)).toBeGreaterThan(0);
  });

  it('gives the hold score exactly where a head begins to flag, and rises from there', () => {
    const harmless = Float64Array.from({ length: 5_000 }, () => Math.log(random.next()) * -1).sort();
    const [plan] = HEADS;
    if (plan === undefined) throw new Error('no head');
    const knots = knotsOf(plan, 6, harmless);
    expect(knots).toContainEqual([6, plan.hold]);
    for (const [at, knot] of knots.entries()) {
      const before = knots[at - 1];
      if (before !== undefined) {
        expect(knot[0]).toBeGreaterThan(before[0]);
        expect(knot[1]).toBeGreaterThanOrEqual(before[1]);
      }
    }
  });
});
