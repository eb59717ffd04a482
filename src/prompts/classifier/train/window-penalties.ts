import type { ScaleValues } from '../best-windows.ts';
import { WINDOW_SCALES } from '../windows.ts';
import { upperQuantile } from './calibrate.ts';

/** `penalties[head][scale]`: taken off a head's best window of that size for each doubling of their number. */
export type WindowPenalties = readonly (readonly number[])[];

/** What a head says about a text in all: the best of all sizes, each less its penalty. */
export function netValues(scales: readonly ScaleValues[], penalties: WindowPenalties): number[] {
  const [first] = scales;
  return Array.from(first?.values ?? [], (_, head) =>
    Math.max(
      ...scales.map(
        ({ windows, values }, scale) => (values[head] ?? 0) - (penalties[head]?.[scale] ?? 0) * Math.log2(Math.max(1, windows)),
      ),
    ),
  );
}

const SEARCH_STEPS = 24;

/**
 * Penalties with which no larger share of harmless long texts than `budget` is flagged, by any head in windows of any size,
 * or as near to that as the whole texts, which have none, allow. Each head and size gives up the same share of these texts:
 * small windows are noisy, and some heads more than others, so that one penalty for all would spend the whole budget on the
 * noisiest.
 */
export function windowPenalties(long: readonly (readonly ScaleValues[])[], flagging: readonly number[], budget: number): WindowPenalties {
  if (long.length === 0) return flagging.map(() => WINDOW_SCALES.map(() => 0));
  const margins = flagging.map((threshold, head) =>
    [...WINDOW_SCALES, 'whole'].map((_, scale) => Float64Array.from(long, (scales) => (scales[scale]?.values[head] ?? 0) - threshold)),
  );
  const sorted = margins.map((ofHead) => ofHead.map((values) => values.toSorted()));
  const offsetsAt = (share: number) =>
    sorted.map((ofHead) => WINDOW_SCALES.map((_, scale) => Math.max(0, upperQuantile(ofHead[scale] ?? EMPTY, share))));
  let [low, high] = [0, budget];
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const share = (low + high) / 2;
    if (flaggedShare(margins, offsetsAt(share), long.length) <= budget) low = share;
    else high = share;
  }
  const doublings = WINDOW_SCALES.map((_, scale) => Math.log2(Math.max(2, long[0]?.[scale]?.windows ?? 2)));
  return offsetsAt(low).map((ofHead) => ofHead.map((offset, scale) => offset / (doublings[scale] ?? 1)));
}

const EMPTY = new Float64Array();

type PerHeadAndScale<Value> = readonly (readonly Value[])[];

function flaggedShare(margins: PerHeadAndScale<Float64Array>, offsets: PerHeadAndScale<number>, texts: number): number {
  let flagged = 0;
  for (let text = 0; text < texts; text++) {
    const isFlagged = margins.some((ofHead, head) => ofHead.some((values, scale) => (values[text] ?? 0) > (offsets[head]?.[scale] ?? 0)));
    if (isFlagged) flagged += 1;
  }
  return flagged / texts;
}
