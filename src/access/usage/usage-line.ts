import { z } from 'zod';

const count = z.int();

/** What is counted. In a correction each is a difference, and may be negative. */
export const usageCounts = z.strictObject({
  /** Requests that were judged; one turned away at the door (limits, gates, switches, a suspended user) is none. */
  requests: count,
  /** Pictures that could be fetched. */
  pictures: count,
  /** Requests that ended refused, by policy, by a person or by the provider of the model. */
  refused: count,
  /** Requests that waited for a person at some time. */
  held: count,
  /** Of those, released. */
  released: count,
  failed: count,
  /** Decisions of people on them. */
  reviews: count,
  /** Of those, charged: all or none, by configuration. */
  reviews_charged: count,
  /** Units of cost; `docs/limits.md`. */
  cost_units: count,
});
export type UsageCounts = z.output<typeof usageCounts>;

export const COUNT_NAMES: readonly (keyof UsageCounts)[] = usageCounts.keyof().options;

/** What usage is told apart by, in the order in which files are sorted. */
export const DIMENSIONS = ['application', 'surface', 'key_id', 'model', 'operation', 'size', 'quality'] as const;
export type UsageDimensions = Readonly<Record<(typeof DIMENSIONS)[number], string>>;

/** One line of a day's file. `for_day`: when the requests came; another than `day` makes it a correction. Days are UTC. */
export interface UsageLine extends UsageDimensions {
  readonly day: string;
  readonly for_day: string;
  readonly counts: UsageCounts;
}

export const NOTHING: UsageCounts = {
  requests: 0,
  pictures: 0,
  refused: 0,
  held: 0,
  released: 0,
  failed: 0,
  reviews: 0,
  reviews_charged: 0,
  cost_units: 0,
};

export function combined(one: UsageCounts, other: UsageCounts, sign: 1 | -1): UsageCounts {
  return usageCounts.parse(Object.fromEntries(COUNT_NAMES.map((name) => [name, one[name] + sign * other[name]])));
}

export function isNothing(counts: UsageCounts): boolean {
  return COUNT_NAMES.every((name) => counts[name] === 0);
}
