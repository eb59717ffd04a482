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

/** The share of chance that is at least as far out, with one added: never 0 (Phipps and Smyth 2010). */
export function chanceOf(observed: number, byChance: () => number, rounds: number): number {
  let asFar = 0;
  for (let round = 0; round < rounds; round++) if (byChance() >= observed - 1e-12) asFar += 1;
  return (asFar + 1) / (rounds + 1);
}

/** Fisher and Yates, in place. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let at = items.length - 1; at > 0; at--) swap(items, at, random.below(at + 1));
  return items;
}

function swap<T>(items: T[], at: number, other: number): void {
  const [a, b] = [items[at], items[other]];
  if (a !== undefined && b !== undefined) [items[at], items[other]] = [b, a];
}

/**
 * How often chance alone gives a gap between the highest and the lowest group mean that is as wide: a permutation test.
 * @param groups one value for each independent unit, such as a person
 */
export function gapByChance(groups: readonly (readonly number[])[], random: Random): number {
  const sizes = groups.map(({ length }) => length);
  const places = groups.flatMap((values, group) => values.map(() => group));
  // Errors are rare: only they are dealt, and the rest are zeros.
  const dealt = groups.flat().filter((value) => value !== 0);
  const observed = gapOf(groups.map((values) => sum(values) / values.length));
  const byChance = () => {
    const totals = sizes.map(() => 0);
    for (const [at, value] of dealt.entries()) {
      swap(places, at, at + random.below(places.length - at));
      const group = places[at] ?? 0;
      totals[group] = (totals[group] ?? 0) + value;
    }
    return gapOf(totals.map((total, group) => total / (sizes[group] ?? 1)));
  };
  return observed === 0 ? 1 : chanceOf(observed, byChance, places.length > MANY ? ROUNDS_OF_MANY : ROUNDS);
}

const MANY = 2_000;
const ROUNDS = 10_000;
/** Enough for a hundred comparisons to be corrected. */
const ROUNDS_OF_MANY = 4_000;

/** Between the highest and the lowest; 0 for fewer than two. */
export function gapOf(values: readonly number[]): number {
  return values.length < 2 ? 0 : Math.max(...values) - Math.min(...values);
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Holm (1979): probabilities of several tests, each made larger for the others, in the order given. */
export function holm(chances: readonly number[]): number[] {
  const order = chances.map((chance, at) => ({ chance, at })).toSorted((a, b) => a.chance - b.chance);
  const adjusted = chances.map(() => 1);
  let highest = 0;
  for (const [rank, { chance, at }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, chance * (order.length - rank)));
    adjusted[at] = highest;
  }
  return adjusted;
}

/** Items by a key, in the order in which keys appear. */
export function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
