import { describe, expect, it } from 'vitest';
import type { ScaleValues } from '../best-windows.ts';
import { createRandom } from './random.ts';
import { netValues, windowPenalties } from './window-penalties.ts';

const random = createRandom(3);
const scale = (windows: number, values: readonly number[]): ScaleValues => ({
  windows,
  values: Float64Array.from(values),
  starts: new Int32Array(values.length),
  ends: new Int32Array(values.length),
});
const noise = (spread: number) => -Math.log(random.next()) * spread;

/** Long texts of two heads; small windows are noisier than large ones, and the second head is noisier than the first. */
const LONG = Array.from({ length: 4_000 }, () => [
  scale(30, [noise(1), noise(2)]),
  scale(14, [noise(0.5), noise(1)]),
  scale(1, [noise(0.1), noise(0.1)]),
]);
const FLAGGING = [1, 1];

describe('the penalties of windows', () => {
  it('leave no more harmless long texts flagged than the budget, by any head in windows of any size', () => {
    const penalties = windowPenalties(LONG, FLAGGING, 0.01);
    const flagged = LONG.filter((scales) => netValues(scales, penalties).some((value, head) => value > (FLAGGING[head] ?? 0)));
    expect(flagged.length / LONG.length).toBeLessThanOrEqual(0.011);
    expect(flagged.length).toBeGreaterThan(0);
  });

  it('are larger for the noisier head and the noisier size', () => {
    const [first = [], second = []] = windowPenalties(LONG, FLAGGING, 0.01);
    expect(second[0]).toBeGreaterThan(first[0] ?? 0);
    expect(first[0]).toBeGreaterThan(first[1] ?? 0);
  });

  it('take nothing off a text that is judged as a whole', () => {
    expect(
      netValues(
        [scale(1, [0.7, -2])],
        [
          [3, 3],
          [3, 3],
        ],
      ),
    ).toEqual([0.7, -2]);
  });
});
