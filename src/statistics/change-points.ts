import type { Random } from '../prompts/classifier/train/random.ts';
import { chanceOf, shuffle } from './permutation.ts';

/** How many of how many, in one stretch of time. */
export interface Count {
  readonly hits: number;
  readonly of: number;
}

/** The share is another one from `at` on. `chance`: how often the same stretches in another order look as much like a change. */
export interface ChangePoint {
  readonly at: number;
  readonly before: number;
  readonly after: number;
  readonly chance: number;
}

const ROUNDS = 999;
const BEYOND_CHANCE = 0.01;
/** A series says nothing about less. */
const SHORTEST = 6;
const MOST = 5;

/**
 * Where a share changed: the likeliest place, then each side by itself (binary segmentation, Vostrikova 1981), as long as the order of the stretches
 * matters beyond chance. Stretches vary more than coin tosses do, therefore a permutation test and no table.
 * @param series oldest first, @returns oldest first, at most five
 */
export function changePoints(series: readonly Count[], random: Random): readonly ChangePoint[] {
  const found: ChangePoint[] = [];
  const waiting = [{ from: 0, to: series.length }];
  for (let part = waiting.shift(); part !== undefined && found.length < MOST; part = waiting.shift()) {
    const point = changeIn(series.slice(part.from, part.to), random);
    if (point === null) continue;
    const at = part.from + point.at;
    found.push({ ...point, at });
    waiting.push({ from: part.from, to: at }, { from: at, to: part.to });
  }
  return settled(
    series,
    found.map(({ at }) => at).toSorted((a, b) => a - b),
    random,
  );
}

/** Each place anew between its neighbors: the first cut is made before the others are known, and lies beside the true one. */
function settled(series: readonly Count[], places: readonly number[], random: Random): readonly ChangePoint[] {
  const kept: ChangePoint[] = [];
  for (const index of places.keys()) {
    const from = kept.at(-1)?.at ?? 0;
    const point = changeIn(series.slice(from, places[index + 1]), random);
    if (point !== null) kept.push({ ...point, at: from + point.at });
  }
  return kept;
}

function changeIn(series: readonly Count[], random: Random): ChangePoint | null {
  if (series.length < SHORTEST) return null;
  const { at, gain } = likeliest(series);
  if (gain <= 0) return null;
  const order = [...series];
  const chance = chanceOf(gain, () => likeliest(shuffle(order, random)).gain, ROUNDS);
  if (chance > BEYOND_CHANCE) return null;
  return { at, before: shareOf(series.slice(0, at)), after: shareOf(series.slice(at)), chance };
}

/** By how much two shares explain the series better than one does, as a log-likelihood, at the best place. */
function likeliest(series: readonly Count[]): { readonly at: number; readonly gain: number } {
  const all = total(series);
  const whole = logLikelihood(all);
  let best = { at: 0, gain: 0 };
  let [hits, of] = [0, 0];
  for (const [at, count] of series.slice(0, -1).entries()) {
    hits += count.hits;
    of += count.of;
    const gain = logLikelihood({ hits, of }) + logLikelihood({ hits: all.hits - hits, of: all.of - of }) - whole;
    if (gain > best.gain) best = { at: at + 1, gain };
  }
  return best;
}

function total(series: readonly Count[]): Count {
  return series.reduce((sum, { hits, of }) => ({ hits: sum.hits + hits, of: sum.of + of }), { hits: 0, of: 0 });
}

function shareOf(series: readonly Count[]): number {
  const { hits, of } = total(series);
  return of === 0 ? 0 : hits / of;
}

function logLikelihood({ hits, of }: Count): number {
  const part = (count: number) => (count === 0 ? 0 : count * Math.log(count / of));
  return part(hits) + part(of - hits);
}
