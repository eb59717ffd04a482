import { z } from 'zod';

const DAYS = 365;

/** What so many strikes lead to. */
export const strikeRuleSchema = z.strictObject({
  count: z.int().min(2).max(100).describe('So many strikes, those that were taken back not counted,'),
  withinDays: z.int().min(1).max(DAYS).describe('within so many days'),
  action: z
    .enum(['limit', 'suspend'])
    .describe('lead to this. A suspension follows only where two people noted the strikes, as for any; else a limit.'),
  days: z.int().min(1).max(DAYS).describe('It ends by itself after so many days.'),
});

export type StrikeRule = z.output<typeof strikeRuleSchema>;
