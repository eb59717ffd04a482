import type { Category } from '../contracts/category.ts';
import type { Evidence, FusedRisk } from '../contracts/decision.ts';
import { FAMILIES, type Family, familyOf } from './evidence-family.ts';

/**
 * Up to here a score is what checks say about harmless things, too: it stands for itself and strengthens nothing else. Without
 * this bound, two faint doubts about everything would add up.
 */
export const FAINT = 0.2;

const weightOf = (score: number) => (score > FAINT ? (score - FAINT) / (1 - FAINT) : 0);

/** The strongest signal of each family of one category. */
type Peaks = Partial<Record<Family, number>>;

/**
 * The strongest family counts in full, each further one by noisy-or with what it says beyond `FAINT`. So the risk is never below the
 * highest score, a single source keeps its score (and every threshold its meaning), and one more signal or a higher score never
 * lowers it. Families are ordered by score, so the order of findings does not matter.
 */
function combine(peaks: Peaks): { readonly family: Family; readonly added: number }[] {
  const ordered = FAMILIES.flatMap((family) => (peaks[family] === undefined ? [] : [{ family, score: peaks[family] }])).sort(
    (a, b) => b.score - a.score,
  );
  let risk = 0;
  return ordered.map(({ family, score }, place) => {
    const added = place === 0 ? score : (1 - risk) * weightOf(score);
    risk = Math.min(1, risk + Math.max(0, added));
    return { family, added };
  });
}

/** The fused risk of each category that was named. */
export function fusedPeaks(evidence: readonly Evidence[]): Map<Category, number> {
  const byCategory = new Map<Category, Peaks>();
  for (const one of evidence) {
    const peaks = byCategory.get(one.category) ?? {};
    const family = familyOf(one);
    peaks[family] = Math.max(one.score, peaks[family] ?? 0);
    byCategory.set(one.category, peaks);
  }
  return new Map([...byCategory].map(([category, peaks]) => [category, riskOf(combine(peaks))]));
}

/** The same with what each signal adds, the highest risk first. */
export function fuse(evidence: readonly Evidence[]): FusedRisk[] {
  const categories = [...new Set(evidence.map(({ category }) => category))];
  return categories.map((category) => fuseOne(category, evidence)).sort((a, b) => b.risk - a.risk || inOrder(a.category, b.category));
}

function fuseOne(category: Category, evidence: readonly Evidence[]): FusedRisk {
  const own = evidence
    .filter((one) => one.category === category)
    .map((one) => ({ ...one, family: familyOf(one) }))
    .sort((a, b) => b.score - a.score || inOrder(nameOf(a), nameOf(b)));
  const spokesmen = new Map<Family, (typeof own)[number]>();
  for (const one of own) if (!spokesmen.has(one.family)) spokesmen.set(one.family, one);
  const peaks: Peaks = Object.fromEntries([...spokesmen].map(([family, { score }]) => [family, score]));
  const added = new Map(combine(peaks).map((one) => [one.family, one.added]));
  const contributions = own
    .map((one) => ({ ...one, added: spokesmen.get(one.family) === one ? (added.get(one.family) ?? 0) : 0 }))
    .sort((a, b) => b.added - a.added);
  return { category, risk: riskOf(contributions), contributions };
}

function riskOf(parts: readonly { readonly added: number }[]): number {
  return Math.min(
    1,
    parts.reduce((sum, { added }) => sum + added, 0),
  );
}

/** Tells apart whatever differs in more than its score: equally strong signals must come in one order, whichever was found first. */
const nameOf = ({ check, reason, subject, isEarlier }: Evidence) =>
  [check, reason, subject.kind, subject.kind === 'prompt' ? '' : subject.index, isEarlier].join(' ');

const inOrder = (a: string, b: string) => (a < b ? -1 : Number(a > b));
