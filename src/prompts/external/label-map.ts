import type { Category } from '../../contracts/category.ts';
import type { CategoryScore } from './classification.ts';

/** A service's labels, and which categories of ours each one speaks to. The table stands in `docs/detectors/prompt-external.md`. */
export type LabelMap = Readonly<Record<string, readonly Category[]>>;

/** Every category that some label speaks to. */
export function categoriesOf(map: LabelMap): readonly Category[] {
  return [...new Set(Object.values(map).flat())];
}

/** The highest score for each category; a category that several labels speak to keeps the strongest. */
export function scoresOf(map: LabelMap, byLabel: Readonly<Record<string, number>>): CategoryScore[] {
  const strongest = new Map<Category, CategoryScore>();
  for (const [label, score] of Object.entries(byLabel)) {
    for (const category of Object.hasOwn(map, label) ? (map[label] ?? []) : []) {
      const found = strongest.get(category);
      if (found === undefined || score > found.score) strongest.set(category, { category, score, label });
    }
  }
  return [...strongest.values()];
}
