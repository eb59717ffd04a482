import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import { floorOf } from '../../policy/floors.ts';

/** What happens when a category could not be judged. There is no default yes. */
export type FailureMode = 'hold' | 'block' | 'open';

const LONGEST_OPEN_MS = 366 * 86_400_000;

const openSchema = z.strictObject({
  mode: z.literal('open'),
  until: z.iso.date().describe('The last day on which it holds, UTC; at most a year ahead.'),
  reason: z.string().trim().min(1).max(500),
});
const closedSchema = z.enum(['hold', 'block']);

/** `whenFailed` of the configuration. */
export const failureModesSchema = z.strictObject({
  default: closedSchema.default('hold'),
  categories: z.partialRecord(z.enum(CATEGORIES), z.union([closedSchema, openSchema])).default({}),
});

export type FailureModesSettings = z.output<typeof failureModesSchema>;

/** The mode of a category at a time. An `open` that has run out is a hold, or a block where that is the default. */
export type FailureModeOf = (category: Category, at: Date) => FailureMode;

/** A category that passes unjudged when a classifier fails. */
export interface OpenCategory {
  readonly category: Category;
  /** The last day on which it holds, UTC. */
  readonly until: string;
  readonly reason: string;
  /** False when that day is over; the category is then held or blocked again. */
  readonly isInForce: boolean;
}

export interface FailureModes {
  readonly modeOf: FailureModeOf;
  /** Every `open` of the configuration, for the log and the metrics at the start. */
  readonly opens: readonly OpenCategory[];
}

/**
 * Compiles the modes. `problems` says what is not accepted: `open` for a category that has a floor (a policy could not be
 * as lax, so a failure may not either), and `open` for longer than a year.
 */
export function compileFailureModes(
  settings: FailureModesSettings,
  now: Date,
): { readonly modes: FailureModes; readonly problems: string[] } {
  const opens: OpenCategory[] = [];
  const problems: string[] = [];
  for (const category of CATEGORIES) {
    const entry = settings.categories[category];
    if (entry === undefined || typeof entry === 'string') continue;
    const { until, reason } = entry;
    if (floorOf(category) !== undefined) problems.push(`whenFailed.categories.${category}: a floor depends on it, so it cannot be open`);
    if (lastMomentOf(until) - now.getTime() > LONGEST_OPEN_MS)
      problems.push(`whenFailed.categories.${category}.until: one year ahead at most`);
    opens.push({ category, until, reason, isInForce: now.getTime() <= lastMomentOf(until) });
  }
  const modeOf: FailureModeOf = (category, at) => {
    const entry = settings.categories[category] ?? settings.default;
    if (typeof entry === 'string') return entry;
    return floorOf(category) === undefined && at.getTime() <= lastMomentOf(entry.until) ? 'open' : settings.default;
  };
  return { modes: { modeOf, opens }, problems };
}

/** Milliseconds since 1970 at the end of a day, UTC. */
export function lastMomentOf(day: string): number {
  return Date.parse(`${day}T23:59:59.999Z`);
}
