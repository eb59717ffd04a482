import type { Random } from '../prompts/classifier/train/random.ts';
import type { AgreementMeasure } from './agreement.ts';
import type { Confusion } from './confusion.ts';
import { bootstrap, type Interval } from './intervals.ts';

/**
 * The percentile bootstrap of several measures of one table, 95 %. Cells are drawn instead of items: the same distribution (multinomial), at a cost that
 * grows with the items outside the largest cell only. Rounds in which a measure is not defined do not count for it.
 * @returns by measure; null where no round defined it
 */
export function bootstrapAgreement<Name extends string>(
  confusion: Confusion,
  measures: Readonly<Record<Name, AgreementMeasure>>,
  random: Random,
  rounds = 1_000,
): ReadonlyMap<string, Interval | null> {
  const drawn = Array.from({ length: rounds }, () => resampled(confusion, random));
  return new Map(
    Object.entries<AgreementMeasure>(measures).map(([name, measure]) => {
      const values = drawn.map((one) => measure(one)).filter((value) => value !== null);
      let at = 0;
      return [name, values.length === 0 ? null : bootstrap(() => values[at++] ?? Number.NaN, values.length)];
    }),
  );
}

/** As many items, drawn with replacement. */
function resampled({ labels, rows }: Confusion, random: Random): Confusion {
  const cells = rows.flatMap((row, first) => row.map((count, second) => ({ count, first, second }))).toSorted((a, b) => a.count - b.count);
  const drawn = rows.map((row) => row.map(() => 0));
  let items = cells.reduce((total, { count }) => total + count, 0);
  let left = items;
  for (const [at, { count, first, second }] of cells.entries()) {
    const taken = at === cells.length - 1 ? left : binomial(left, items === 0 ? 0 : count / items, random);
    const row = drawn[first];
    if (row !== undefined) row[second] = taken;
    left -= taken;
    items -= count;
  }
  return { labels, rows: drawn };
}

/** Successes of `n` trials, by the waiting times between them (Devroye 1986, X.4.1, second method): exact, and quick where `share` is small. */
export function binomial(n: number, share: number, random: Random): number {
  if (share <= 0 || n === 0) return 0;
  if (share > 0.5) return n - binomial(n, 1 - share, random);
  const step = Math.log1p(-share);
  let successes = 0;
  for (let trial = waiting(step, random); trial <= n; trial += waiting(step, random)) successes += 1;
  return successes;
}

const waiting = (step: number, random: Random) => Math.floor(Math.log(1 - random.next()) / step) + 1;
