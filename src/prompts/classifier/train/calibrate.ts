import type { ModelHead } from '../prompt-model.ts';
import { HEADS, type HeadPlan } from './heads.ts';

/** Values that heads gave harmless texts which they were not trained on. */
export interface HarmlessSet {
  readonly name: string;
  /** Share of the set that all heads together may flag. */
  readonly budget: number;
  /** True for requests for images; other texts only set budgets. */
  readonly isPrompts: boolean;
  /** `values[text][head]`. */
  readonly values: readonly (readonly number[])[];
}

/** Values of texts that a head should find, from a model that was not trained on them; `weight` of each. */
export interface WantedText {
  readonly value: number;
  readonly weight: number;
}

/** Where heads begin: this share of all harmless texts is flagged by each. */
const FIRST_SHARE = 0.03;
/** No head gives up more than this: it keeps flagging this share of harmless image prompts, times its worth. */
const LEAST_SHARE = 0.0003;
const MAX_STEPS = 200_000;
const HAIR = 1e-6;

/**
 * The value from which each head flags, so that no set has more of its texts flagged, by any head, than its budget,
 * or as near to that as heads may come without giving up what they are for. All
 * heads begin low; while a set is beyond its budget, that head gives up one of its texts which loses least by it of what
 * it should find. So one odd language does not cost the recall of all heads.
 */
export function flaggingValues(sets: readonly HarmlessSet[], wanted: readonly (readonly WantedText[])[]): number[] {
  const ofHead = (from: readonly HarmlessSet[], head: number) =>
    Float64Array.from(
      from.flatMap(({ values }) => values),
      (row) => row[head] ?? 0,
    ).sort();
  const prompts = sets.filter(({ isPrompts }) => isPrompts);
  const thresholds = HEADS.map((_, head) => upperQuantile(ofHead(sets, head), FIRST_SHARE));
  const ceilings = HEADS.map(({ share }, head) => ceilingOf(thresholds[head] ?? 0, ofHead(prompts, head), LEAST_SHARE * share));
  const open = new Set(sets);
  for (let step = 0; step < MAX_STEPS && open.size > 0; step++) {
    const [set] = open;
    if (set === undefined) break;
    if (flaggedShare(set, thresholds) <= set.budget || !giveUpOne(set, thresholds, { wanted, ceilings })) open.delete(set);
  }
  return thresholds;
}

/** Texts that are no requests for images set no ceiling. */
function ceilingOf(first: number, prompts: Float64Array, share: number): number {
  return prompts.length === 0 ? Number.POSITIVE_INFINITY : Math.max(first, upperQuantile(prompts, share));
}

interface Cost {
  readonly wanted: readonly (readonly WantedText[])[];
  /** No threshold rises above its ceiling. */
  readonly ceilings: readonly number[];
}

/** Raises the one threshold that costs least past the lowest text that it flags in this set; false when none may rise. */
function giveUpOne({ values }: HarmlessSet, thresholds: number[], { wanted, ceilings }: Cost): boolean {
  let best = { head: 0, value: Number.POSITIVE_INFINITY, cost: Number.POSITIVE_INFINITY };
  HEADS.forEach(({ share }, head) => {
    const threshold = thresholds[head] ?? 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (const row of values) {
      const value = row[head] ?? 0;
      if (value >= threshold && value < lowest) lowest = value;
    }
    if (lowest === Number.POSITIVE_INFINITY || lowest >= (ceilings[head] ?? 0)) return;
    const value = lowest + HAIR;
    const cost = (lostShare(wanted[head] ?? [], threshold, value) + 1e-4 * (value - threshold)) * share;
    if (cost < best.cost) best = { head, value, cost };
  });
  if (best.cost === Number.POSITIVE_INFINITY) return false;
  thresholds[best.head] = best.value;
  return true;
}

/** Texts of a set that nobody has seen score lower than those that models are made with, and not all equally. */
const UNSEEN_SHIFT = 3;
const UNSEEN_SPREAD = 1.5;

/** The share of what should be found that a threshold loses when it rises so far, as it would be on an unseen set. */
function lostShare(wanted: readonly WantedText[], from: number, to: number): number {
  let lost = 0;
  let whole = 0;
  for (const { value, weight } of wanted) {
    whole += weight;
    lost += weight * (chance(value - UNSEEN_SHIFT - from) - chance(value - UNSEEN_SHIFT - to));
  }
  return whole === 0 ? 0 : lost / whole;
}

function chance(margin: number): number {
  return 1 / (1 + Math.exp(-margin / UNSEEN_SPREAD));
}

export function flaggedShare({ values }: HarmlessSet, thresholds: readonly number[]): number {
  const flagged = values.filter((row) => row.some((value, head) => value >= (thresholds[head] ?? 0)));
  return flagged.length / Math.max(1, values.length);
}

/** The value that a share of all values reaches; beyond the last value it goes on as the tail does. */
export function upperQuantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NEGATIVE_INFINITY;
  const rank = share * sorted.length;
  if (rank >= 1) return sorted[Math.max(0, sorted.length - 1 - Math.floor(rank))] ?? 0;
  const [top = 0, tenth = 0] = [sorted.at(-1), sorted[Math.max(0, sorted.length - 10)]];
  return top + ((top - tenth) / Math.LN10) * Math.log(1 / Math.max(rank, 1e-3));
}

const LEAST_GAP = 1e-3;

/**
 * The straight pieces that turn a value into a score: a harmless text in two scores a twentieth of the hold score, the
 * flagging value the hold score itself, and ten times rarer than that the block score, as the tail of harmless texts has it.
 */
export function knotsOf({ hold, block }: HeadPlan, flagging: number, harmless: Float64Array): ModelHead['knots'] {
  const at = (share: number) => upperQuantile(harmless, share);
  const tail = Math.max(0.15, (at(0.002) - at(0.02)) / Math.LN10);
  const wanted: [number, number][] = [
    [at(0.9), 0],
    [at(0.5), hold * 0.05],
    [at(0.1), hold * 0.2],
    [at(0.02), hold * 0.45],
    [flagging, hold],
    [flagging + tail * Math.LN10 * 0.75, block],
    [flagging + tail * Math.LN10 * 2.5, 0.97],
    [flagging + tail * Math.LN10 * 6, 1],
  ];
  const knots: [number, number][] = [];
  for (const [value, score] of wanted) {
    if (value > flagging - LEAST_GAP && score < hold) continue;
    const before = knots.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    knots.push([Math.max(value, before + LEAST_GAP), score]);
  }
  return knots;
}
