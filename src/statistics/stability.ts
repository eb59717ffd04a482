import { chiSquareTail } from './chi-square.ts';

/** How one distribution moved away from another, over the same bins. */
export interface Stability {
  readonly psi: number;
  /** How often chance alone moves it as far, given how few were counted. */
  readonly chance: number;
  readonly level: 'calm' | 'watch' | 'alarm';
  /** What each bin adds to the index, the one that adds most first. */
  readonly bins: readonly { readonly bin: string; readonly before: number; readonly now: number; readonly added: number }[];
}

/** The field's convention (Siddiqi 2006): below 0.1 nothing moved, from 0.25 on something did. */
const WATCH = 0.1;
const ALARM = 0.25;
/** An empty bin has no logarithm. */
const SMOOTHING = 0.5;
/** Of a hundred measures looked at every day, chance may raise one in ten days. */
const BEYOND_CHANCE = 0.001;

/**
 * The population stability index. Convention alone would sound an alarm whenever few were counted: without any drift the index times nm/(n + m) is χ²
 * distributed (Yurdakul and Naranjo 2020), so it counts only where it is also beyond chance.
 * @param before counts of the reference, @param now counts of today, by bin
 */
export function stability(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): Stability {
  const bins = [...new Set([...before.keys(), ...now.keys()])];
  const share = (counts: ReadonlyMap<string, number>) => {
    const total = totalOf(counts) + SMOOTHING * bins.length;
    return (bin: string) => ((counts.get(bin) ?? 0) + SMOOTHING) / total;
  };
  const [expected, actual] = [share(before), share(now)];
  const parts = bins.map((bin) => {
    const [e, a] = [expected(bin), actual(bin)];
    return { bin, before: e, now: a, added: (a - e) * Math.log(a / e) };
  });
  const psi = parts.reduce((sum, { added }) => sum + added, 0);
  const [n, m] = [totalOf(before), totalOf(now)];
  const chance = n === 0 || m === 0 ? 1 : chiSquareTail((psi * n * m) / (n + m), bins.length - 1);
  return { psi, chance, level: levelOf(psi, chance), bins: parts.toSorted((a, b) => b.added - a.added) };
}

const totalOf = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

function levelOf(psi: number, chance: number): Stability['level'] {
  if (chance > BEYOND_CHANCE || psi < WATCH) return 'calm';
  return psi < ALARM ? 'watch' : 'alarm';
}
