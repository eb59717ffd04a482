import { describe, expect, it } from 'vitest';
import { weighCanary } from './canary.ts';
import { type CanaryEvidence, canarySchema } from './gate.ts';

const canary = canarySchema.parse({ refused: { low: 0.01, high: 0.05 }, held: { high: 0.02 }, reported: { high: 0.001 } });

/** The same numbers on every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many requests it takes until a share has left its band, weighed in portions of `portion`; `limit` when it never does. */
function requestsUntilLeft(
  rates: { refused: number; held: number; reported: number },
  { limit, seed, portion = 10 }: { limit: number; seed: number; portion?: number },
) {
  const next = random(seed);
  const among = (rate: number) => {
    let count = 0;
    for (let i = 0; i < portion; i++) if (next() < rate) count += 1;
    return count;
  };
  let evidence: CanaryEvidence = {};
  for (let seen = portion; seen <= limit; seen += portion) {
    const counts = { requests: portion, refused: among(rates.refused), held: among(rates.held), reported: among(rates.reported) };
    const weighed = weighCanary(canary, evidence, counts);
    if (weighed.left !== null) return { seen, left: weighed.left };
    evidence = weighed.evidence;
  }
  return { seen: limit, left: null };
}

const runs = (count: number) => Array.from({ length: count }, (_, seed) => seed);

describe('a canary', () => {
  it('does not sing at the very edges of its bands: no false alarm in two million requests', () => {
    const edges = [
      { refused: 0.05, held: 0.02, reported: 0.001 },
      { refused: 0.01, held: 0, reported: 0 },
    ];
    for (const rates of edges) for (const seed of runs(10)) expect(requestsUntilLeft(rates, { limit: 100_000, seed }).left).toBeNull();
  });

  it.each([
    ['twice as many are refused', { refused: 0.1, held: 0.01, reported: 0 }, { rate: 'refused', side: 'above' }, 2_000],
    ['half of all is refused', { refused: 0.5, held: 0.01, reported: 0 }, { rate: 'refused', side: 'above' }, 100],
    ['nothing is refused any more', { refused: 0, held: 0.01, reported: 0 }, { rate: 'refused', side: 'below' }, 4_000],
    ['one in ten is held', { refused: 0.03, held: 0.1, reported: 0 }, { rate: 'held', side: 'above' }, 500],
    ['one in a hundred is reported', { refused: 0.03, held: 0.01, reported: 0.01 }, { rate: 'reported', side: 'above' }, 10_000],
  ] as const)('sings soon when %s', (_, rates, left, within) => {
    for (const seed of runs(20)) {
      const found = requestsUntilLeft(rates, { limit: 50_000, seed });
      expect(found).toMatchObject({ left });
      expect(found.seen).toBeLessThan(within);
    }
  });

  it('forgets how well it went before: a long good time does not make it slow', () => {
    let evidence: CanaryEvidence = {};
    for (let i = 0; i < 1_000; i++) evidence = weighCanary(canary, evidence, { requests: 100, refused: 3, held: 1, reported: 0 }).evidence;
    let portions = 0;
    for (; portions < 100; portions++) {
      const { left, evidence: after } = weighCanary(canary, evidence, { requests: 100, refused: 40, held: 1, reported: 0 });
      evidence = after;
      if (left !== null) break;
    }
    expect(portions).toBeLessThan(5);
  });

  it('rolls back at the first of what may never happen often', () => {
    const strict = canarySchema.parse({ reported: { high: 0.0001 } });
    const { left } = weighCanary(strict, {}, { requests: 100, refused: 0, held: 0, reported: 30 });
    expect(left).toEqual({ rate: 'reported', side: 'above' });
  });
});
