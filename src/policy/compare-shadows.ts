import type { Category } from '../contracts/category.ts';
import { type Finding, isSameSubject } from '../contracts/finding.ts';
import type { PolicyDocument } from './document.ts';
import { compileThresholds } from './threshold-table.ts';

/** `both` and `neither` agree. A shadow that `failed` or `abstained` is counted once for all categories, as `any`. */
export interface ShadowComparison {
  readonly check: string;
  readonly category: Category | 'any';
  readonly outcome: 'both' | 'neither' | 'only_shadow' | 'only_deciding' | 'failed' | 'abstained';
}

interface Compared {
  readonly surface: string;
  readonly findings: readonly Finding[];
  readonly shadows: readonly Finding[];
}

/**
 * How far checks on trial agree with those that decide, about the same subject: whether each would have reached the score from which this policy stops a
 * category. Of the categories that the shadow looks for, those count that either of the two named. Pure.
 */
export function shadowComparer(
  document: Pick<PolicyDocument, 'thresholds'>,
  checks: readonly { readonly id: string; readonly categories: readonly Category[] }[],
): (compared: Compared) => ShadowComparison[] {
  const table = compileThresholds(document);
  return ({ surface, findings, shadows }) => {
    const stops = new Map(table(surface).map(({ category, hold, block }) => [category, Math.min(hold ?? 2, block ?? 2)]));
    return shadows.flatMap((shadow) => {
      const looksFor = checks.find(({ id }) => id === shadow.check)?.categories ?? [];
      return compareOne({ shadow, findings, looksFor }, (category) => stops.get(category) ?? 2);
    });
  };
}

interface One {
  readonly shadow: Finding;
  readonly findings: readonly Finding[];
  readonly looksFor: readonly Category[];
}

function compareOne({ shadow, findings, looksFor }: One, stopOf: (category: Category) => number): ShadowComparison[] {
  const { check } = shadow;
  if (shadow.kind !== 'signals') return [{ check, category: 'any', outcome: shadow.kind }];
  const seen = peaksOf([shadow]);
  const deciding = peaksOf(findings.filter(({ subject }) => isSameSubject(subject, shadow.subject)));
  const categories = looksFor.filter((category) => seen.has(category) || deciding.has(category));
  if (categories.length === 0) return [{ check, category: 'any', outcome: 'neither' }];
  return categories.map((category) => {
    const stop = stopOf(category);
    const [mine, theirs] = [(seen.get(category) ?? 0) >= stop, (deciding.get(category) ?? 0) >= stop];
    if (mine === theirs) return { check, category, outcome: mine ? 'both' : 'neither' };
    return { check, category, outcome: mine ? 'only_shadow' : 'only_deciding' };
  });
}

function peaksOf(findings: readonly Finding[]): Map<Category, number> {
  const peaks = new Map<Category, number>();
  for (const finding of findings) {
    if (finding.kind !== 'signals') continue;
    for (const { category, score } of finding.signals) peaks.set(category, Math.max(score, peaks.get(category) ?? 0));
  }
  return peaks;
}
