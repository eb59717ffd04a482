import { createRandom } from '../../prompts/classifier/train/random.ts';
import {
  type AgreementMeasure,
  cohenKappa,
  gwetAc1,
  nominalAlpha,
  prevalence,
  rawAgreement,
  specificAgreement,
} from '../../statistics/agreement.ts';
import { bootstrapAgreement } from '../../statistics/bootstrap-agreement.ts';
import { type Confusion, confusionOf, itemsIn } from '../../statistics/confusion.ts';
import { groupedBy } from '../../statistics/permutation.ts';
import type { QualityReview } from './read-reviews.ts';

export const MEASURES = ['psa', 'kappa', 'alpha', 'ac1', 'raw'] as const;
type MeasureName = (typeof MEASURES)[number];

/** One figure with its 95 % interval; null where it is not defined. */
interface Measured {
  readonly name: MeasureName;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export const GROUPINGS = ['policy', 'category', 'language', 'region'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** How far two reviewers agree about the cases of one group. */
export interface GroupAgreement {
  readonly group: string;
  readonly n: number;
  /** Share of violations among all that both said. */
  readonly prevalence: number | null;
  readonly measures: readonly Measured[];
  readonly confusion: Confusion;
}

const VIOLATES = 'violates';
/** What lets a case go as it is. Everything else says that something is wrong with it. */
const FINE: ReadonlySet<string> = new Set(['release', 'label']);
const verdictOf = (decision: string) => (FINE.has(decision) ? 'fine' : VIOLATES);

const BINARY: Readonly<Record<MeasureName, AgreementMeasure>> = {
  psa: specificAgreement(VIOLATES),
  kappa: cohenKappa,
  alpha: nominalAlpha,
  ac1: gwetAc1,
  raw: rawAgreement,
};

/** The same seed, so that looking again gives the same interval. */
const SEED = 7;

/** Agreement on whether something is wrong with a case, by group; the one with most second looks first. `confusion` shows all decisions. */
export function agreementBy(reviews: readonly QualityReview[], grouping: Grouping): readonly GroupAgreement[] {
  const doubles = reviews
    .filter(({ purpose }) => purpose === 'double')
    .flatMap((review) => groupsOf(review, grouping).map((group) => ({ group, review })));
  return [...groupedBy(doubles, ({ group }) => group)]
    .map(([group, members]) =>
      agreement(
        group,
        members.map(({ review }) => review),
      ),
    )
    .toSorted((a, b) => b.n - a.n);
}

/** A case may be of several categories, and counts in each. */
export function groupsOf({ policy, categories, language, region }: QualityReview, grouping: Grouping): readonly string[] {
  if (grouping === 'category') return categories;
  const group = { policy, language, region }[grouping];
  return group === null ? [] : [group];
}

function agreement(group: string, reviews: readonly QualityReview[]): GroupAgreement {
  const binary = confusionOf(
    reviews.map(({ first, second }) => ({ first: verdictOf(first), second: verdictOf(second) })),
    [VIOLATES, 'fine'],
  );
  const intervals = bootstrapAgreement(binary, BINARY, createRandom(SEED));
  const measures = MEASURES.map((name) => ({
    name,
    value: BINARY[name](binary),
    low: intervals.get(name)?.low ?? null,
    high: intervals.get(name)?.high ?? null,
  }));
  return { group, n: itemsIn(binary), prevalence: prevalence(binary, VIOLATES), measures, confusion: confusionOf(reviews) };
}
