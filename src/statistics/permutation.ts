import type { Random } from '../prompts/classifier/train/random.ts';

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
