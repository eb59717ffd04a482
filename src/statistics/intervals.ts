import type { Random } from '../prompts/classifier/train/random.ts';

/** Both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % of the standard normal distribution. */
const Z95 = 1.959963984540054;

/** Wilson's score interval without continuity correction (Wilson 1927; Newcombe 1998, method 3). Everything for `of` 0. */
export function wilson(count: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = count / of;
  const spread = Z95 ** 2 / of;
  const center = share + spread / 2;
  const half = Z95 * Math.sqrt((share * (1 - share) + spread / 4) / of);
  return {
    low: count === 0 ? 0 : Math.max(0, (center - half) / (1 + spread)),
    high: count === of ? 1 : Math.min(1, (center + half) / (1 + spread)),
  };
}

/** Percentiles 2.5 and 97.5 of what `draw` gives, `rounds` times. */
export function bootstrap(draw: () => number, rounds: number): Interval {
  const drawn = Array.from({ length: rounds }, draw)
    .filter((value) => !Number.isNaN(value))
    .toSorted((a, b) => a - b);
  const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}

/** One of several that belong together: pictures of one person are no independent observations. */
export interface Clustered {
  readonly cluster: string;
  readonly value: number;
}

/** The mean with a bootstrapped interval, whole clusters drawn at a time. */
export function meanInterval(values: readonly Clustered[], random: Random, rounds = 2_000): Interval {
  const sums = new Map<string, { total: number; count: number }>();
  for (const { cluster, value } of values) {
    const known = sums.get(cluster) ?? { total: 0, count: 0 };
    sums.set(cluster, { total: known.total + value, count: known.count + 1 });
  }
  const clusters = [...sums.values()];
  return bootstrap(() => {
    let [total, count] = [0, 0];
    for (let drawn = 0; drawn < clusters.length; drawn++) {
      const cluster = clusters[random.below(clusters.length)];
      total += cluster?.total ?? 0;
      count += cluster?.count ?? 0;
    }
    return total / count;
  }, rounds);
}
