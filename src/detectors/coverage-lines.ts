import type { Category } from '../contracts/category.ts';
import type { Coverage, LooksAt } from '../contracts/check.ts';

/** One measurement that stands for several kinds of subject, since the same networks look at all of them. */
export function coverageLines(
  category: Category,
  looksAt: readonly LooksAt[],
  what: Pick<Coverage, 'measured' | 'note'>,
): readonly Coverage[] {
  return looksAt.map((subject) => ({ category, looksAt: subject, ...what }));
}
