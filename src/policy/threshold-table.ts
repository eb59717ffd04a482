import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { PolicyDocument, ThresholdLine } from './document.ts';

/** From which score on a category brings which action, on one surface. */
export interface ThresholdRow {
  readonly category: Category;
  readonly conservative?: number;
  readonly label?: number;
  readonly hold?: number;
  readonly block?: number;
  /** False when the policy has no line for the category, and the default below stands in. */
  readonly isListed: boolean;
}

/** A category that a policy forgot, or that is newer than the policy, is held from here on. There is no default yes. */
const UNLISTED_HOLD = 0.5;

/** The rows that apply on a surface, every category once. */
export type ThresholdTable = (surface: string) => readonly ThresholdRow[];

/** Lays out the table once for every surface that the policy names, and once for all others. */
export function compileThresholds({ thresholds }: Pick<PolicyDocument, 'thresholds'>): ThresholdTable {
  const row = (category: Category, surface: string | undefined): ThresholdRow => {
    const line = thresholds[category];
    return line === undefined
      ? { category, hold: UNLISTED_HOLD, isListed: false }
      : { category, ...levelsOn(line, surface), isListed: true };
  };
  const named = new Set(Object.values(thresholds).flatMap((line) => Object.keys(line.surfaces ?? {})));
  const bySurface = new Map([...named].map((surface) => [surface, CATEGORIES.map((category) => row(category, surface))]));
  const others = CATEGORIES.map((category) => row(category, undefined));
  return (surface) => bySurface.get(surface) ?? others;
}

function levelsOn({ surfaces, ...levels }: ThresholdLine, surface: string | undefined) {
  const own = new Map(Object.entries(surfaces ?? {})).get(surface ?? '');
  return { ...levels, ...own };
}
