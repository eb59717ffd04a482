import type { Canary, CanaryEvidence } from './gate.ts';

/** What happened to requests that passed a gate since the last look. */
export interface CanaryCounts {
  readonly requests: number;
  readonly refused: number;
  readonly held: number;
  readonly reported: number;
}

/** A share that has left its band. */
export interface Departure {
  readonly rate: 'refused' | 'held' | 'reported';
  readonly side: 'above' | 'below';
}

/**
 * A capability whose every share is within its band is rolled back wrongly once in this many requests on average, or more seldom, however long and
 * however often one looks.
 */
export const REQUESTS_BETWEEN_FALSE_ALARMS = 1_000_000;
/** Three shares, each with two sides. */
const TESTS = 6;
/** The evidence, as the logarithm of a likelihood ratio, at which a gate rolls back. */
export const ROLLS_BACK_AT = Math.log(REQUESTS_BETWEEN_FALSE_ALARMS * TESTS);
const RATES = ['refused', 'held', 'reported'] as const;
/** A band that ends at 0 means that nothing of the kind may happen; once in ten thousand is as good as never. */
const NEVER = 1e-4;

/**
 * Adds what was counted to the evidence, and says what has left its band. For each edge of a band the evidence is a CUSUM of the logarithm of the
 * likelihood ratio between a share well outside (twice the upper edge, half the lower) and the edge itself. Page 1954; that the mean time to a false
 * alarm is at least the threshold at any share within the band: Shin, Ramdas & Rinaldo, "E-detectors", 2024, theorem 2.4.
 */
export function weighCanary(
  canary: Canary,
  before: CanaryEvidence,
  counts: CanaryCounts,
): { evidence: CanaryEvidence; left: Departure | null } {
  const evidence: Record<string, number> = {};
  let left: Departure | null = null;
  for (const rate of RATES) {
    const band = canary[rate];
    if (band === undefined) continue;
    for (const { side, edge, beyond } of edgesOf(band)) {
      const name = `${rate}.${side}`;
      const happened = counts[rate] * Math.log(beyond / edge);
      const failedToHappen = (counts.requests - counts[rate]) * Math.log((1 - beyond) / (1 - edge));
      evidence[name] = Math.max(0, before[name] ?? 0) + happened + failedToHappen;
      if (left === null && evidence[name] >= ROLLS_BACK_AT) left = { rate, side };
    }
  }
  return { evidence, left };
}

function edgesOf({ low, high }: { readonly low: number; readonly high: number }) {
  const top = Math.max(high, NEVER);
  const above = top >= 1 ? [] : [{ side: 'above' as const, edge: top, beyond: Math.min(2 * top, (1 + top) / 2) }];
  return low === 0 ? above : [...above, { side: 'below' as const, edge: low, beyond: low / 2 }];
}
