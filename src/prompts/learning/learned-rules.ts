import { stringify } from 'yaml';
import type { Category } from '../../contracts/category.ts';

/** Held, not blocked, by every shipped policy: a person looks before a learned word refuses anybody. */
const LEARNED_SCORE = 0.6;

/** Accepted terms as a rules file for the setting `promptRules`, one rule for each category. At least one term. */
export function learnedRules(accepted: readonly { readonly category: Category; readonly term: string }[]): string {
  const categories = [...new Set(accepted.map(({ category }) => category))].sort();
  return stringify({
    version: 'learned',
    rules: categories.map((category) => ({
      id: `learned-${category.replaceAll('_', '-')}`,
      category,
      score: LEARNED_SCORE,
      // ISO 639-2 for "undetermined": the reader does not ask what language a word is.
      languages: ['und'],
      anyOf: accepted.flatMap((one) => (one.category === category ? [one.term] : [])).sort(),
    })),
  });
}
