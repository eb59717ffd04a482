import { z } from 'zod';
import { plainName } from '../../config/fields.ts';
import { TIERS } from '../../contracts/end-user.ts';

/** What sets one count apart from another. `user` and `key` belong to an application; a capability is a model and an operation. */
export const DIMENSIONS = ['user', 'key', 'application', 'surface', 'capability', 'tier'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const LONGEST_WINDOW_SECONDS = 31 * 86_400;
const MOST = Number.MAX_SAFE_INTEGER;

const when = z
  .strictObject({
    surface: z.exactOptional(plainName),
    model: z.exactOptional(plainName),
    operation: z.exactOptional(z.enum(['generate', 'edit', 'variation'])),
    application: z.exactOptional(plainName),
    key: z.exactOptional(z.templateLiteral(['key_', z.string().min(1).max(40)])),
    tier: z.exactOptional(z.enum(TIERS)),
    tightened: z.exactOptional(z.literal(true)).describe('Only users whose limits were tightened for a while.'),
  })
  .describe('What a request must be for the limit to count it. Left out: any.');

/** One limit, as operators and the configuration write it. */
export const limitRuleSchema = z
  .strictObject({
    what: z.enum(['requests', 'images', 'cost']).describe('`cost`: in units of the price table `limits.costs`.'),
    per: z
      .array(z.enum(DIMENSIONS))
      .max(DIMENSIONS.length)
      .default([])
      .transform((names) => DIMENSIONS.filter((name) => names.includes(name)))
      .describe('Each of these, or combination of them, has a count of its own. Empty: one count for everything.'),
    when: when.default({}),
    limit: z
      .int()
      .min(1, 'at least 1; to let nobody in, close a gate or throw a kill switch')
      .max(MOST, `at most ${MOST}`)
      .describe('Most in any window.'),
    window: z
      .union([z.int().min(1).max(LONGEST_WINDOW_SECONDS), z.enum(['day', 'month'])], 'seconds from 1 to 2678400, "day" or "month"')
      .describe('Seconds, a window that slides; or a calendar day or month in UTC, a budget.'),
    warn_at: z.exactOptional(z.number().gt(0).max(1)).describe('Share of the limit from which on answers, metrics and webhooks warn.'),
  })
  .meta({ id: 'LimitRule' });
export type LimitRule = z.output<typeof limitRuleSchema>;

/** Names of limits travel in headers and addresses. */
export const limitId = plainName;

export interface Limit {
  readonly id: string;
  readonly rule: LimitRule;
  readonly version: number;
  readonly source: 'config' | 'operator';
  readonly reason: string | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A budget is spent until the calendar turns; a rate comes back by itself. */
export function isBudget({ window }: Pick<LimitRule, 'window'>): boolean {
  return typeof window !== 'number';
}

/** Parts of a sliding window: a unit comes back at most one part late, and no lease outlives its part. */
const PARTS = 60;
const SHORTEST_PART_US = 100_000;

/** The window as the database counts it: microseconds (0: calendar), and parts (calendar: 1 day, 2 month). */
export function windowOf({ window }: Pick<LimitRule, 'window'>): { readonly windowUs: number; readonly parts: number } {
  if (typeof window !== 'number') return { windowUs: 0, parts: window === 'day' ? 1 : 2 };
  const windowUs = window * 1_000_000;
  return { windowUs, parts: Math.min(PARTS, Math.floor(windowUs / SHORTEST_PART_US)) };
}
