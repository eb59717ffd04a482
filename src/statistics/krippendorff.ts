/** How far apart two values are, given how often each value occurs. */
type Metric = (a: number, b: number, occurs: ReadonlyMap<number, number>) => number;

/** `nominal`: same or not. `ordinal`: how many lie between. `interval`: squared difference. */
const METRICS = {
  nominal: (a, b) => (a === b ? 0 : 1),
  ordinal: (a, b, occurs) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const between = [...occurs].filter(([value]) => value >= low && value <= high).reduce((total, [, count]) => total + count, 0);
    return (between - ((occurs.get(low) ?? 0) + (occurs.get(high) ?? 0)) / 2) ** 2;
  },
  interval: (a, b) => (a - b) ** 2,
} satisfies Record<string, Metric>;

/**
 * Krippendorff's α (2011, "Computing Krippendorff's alpha-reliability") for any number of raters with gaps.
 * @param units for each item what its raters said, as numbers; those who said nothing are left out
 * @returns null when fewer than two values can be paired, or all of them are the same
 */
export function krippendorffAlpha(units: readonly (readonly number[])[], metric: keyof typeof METRICS = 'nominal'): number | null {
  const paired = units.filter(({ length }) => length > 1);
  const occurs = new Map<number, number>();
  for (const value of paired.flat()) occurs.set(value, (occurs.get(value) ?? 0) + 1);
  const values = [...occurs.keys()];
  const total = paired.reduce((sum, { length }) => sum + length, 0);
  const distance = METRICS[metric];
  const observed = paired.reduce((sum, unit) => sum + disagreement(unit, (a, b) => distance(a, b, occurs)) / (unit.length - 1), 0);
  let expected = 0;
  for (const a of values) for (const b of values) expected += (occurs.get(a) ?? 0) * (occurs.get(b) ?? 0) * distance(a, b, occurs);
  return expected === 0 ? null : 1 - ((total - 1) * observed) / expected;
}

/** Summed over all ordered pairs of raters of one item. */
function disagreement(unit: readonly number[], distance: (a: number, b: number) => number): number {
  return unit.reduce((sum, a) => sum + unit.reduce((inner, b) => inner + distance(a, b), 0), 0);
}
