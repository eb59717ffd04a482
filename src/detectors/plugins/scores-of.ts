import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { Classification } from '../../prompts/external/classification.ts';

/** Every promised category with a score from 0 to 1; others may stand beside them. */
export function promisedScores(categories: readonly Category[]) {
  return z.looseObject(Object.fromEntries(categories.map((category) => [category, z.number().min(0).max(1)])));
}

/** Scores that the service gave in our own categories. */
export function asGiven(categories: readonly Category[], scores: Readonly<Record<string, unknown>>): Classification {
  return {
    kind: 'scores',
    scores: categories.map((category) => ({ category, score: z.number().parse(scores[category]), label: category })),
  };
}
