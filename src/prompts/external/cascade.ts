import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { Signal } from '../../contracts/finding.ts';

/**
 * Between which local scores a category is uncertain: from `low`, below `high`. `low: 0` asks about everything that the
 * local checks did not already find.
 */
export const cascadeSchema = z
  .strictObject({ low: z.number().min(0).max(1).default(0.05), high: z.number().min(0).max(1).default(0.9) })
  .refine(({ low, high }) => low < high, 'low must be below high');

export type Cascade = z.output<typeof cascadeSchema>;

/**
 * The categories that the local checks leave open. Each is judged by its own score: what a policy allows in one category
 * cannot be used to keep another one from being asked about.
 */
export function uncertainCategories(signals: readonly Signal[], { low, high }: Cascade): ReadonlySet<Category> {
  const peaks = new Map<Category, number>();
  for (const { category, score } of signals) peaks.set(category, Math.max(score, peaks.get(category) ?? 0));
  return new Set(
    CATEGORIES.filter((category) => {
      const peak = peaks.get(category) ?? 0;
      return peak >= low && peak < high;
    }),
  );
}
