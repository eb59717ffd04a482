import { createRandom } from '../../prompts/classifier/train/random.ts';
import { type CusumPlan, cusum, SHIPPED_CUSUM } from '../../statistics/cusum.ts';
import { type Interval, wilson } from '../../statistics/intervals.ts';
import { gapByChance, groupedBy, holm } from '../../statistics/permutation.ts';
import { type Grouping, groupsOf } from './quality-report.ts';
import type { QualityReview } from './read-reviews.ts';

/** How one person, or the team, answers cases whose right answer is known. */
export interface GoldScore extends Interval {
  readonly gold: number;
  readonly correct: number;
  /** Enough to speak of one person at all. */
  readonly isEnough: boolean;
  readonly cusum: { readonly values: readonly number[]; readonly threshold: number; readonly alarmAt: Date | null };
}

/** With fewer the interval is wider than any difference between people (190 of 200 right: 91 to 97 %). */
const ENOUGH = 200;
/** The line on the board. */
const SHOWN_VALUES = 200;

const isRight = ({ first, second }: QualityReview) => first === second;

/** @param reviews oldest first; others than gold cases are left out */
export function goldScore(reviews: readonly QualityReview[], plan: CusumPlan = SHIPPED_CUSUM): GoldScore {
  const gold = reviews.filter(({ purpose }) => purpose === 'gold');
  const correct = gold.filter(isRight).length;
  const { values, alarmAt } = cusum(
    gold.map((review) => !isRight(review)),
    plan,
  );
  return {
    gold: gold.length,
    correct,
    ...wilson(correct, gold.length),
    isEnough: gold.length >= ENOUGH,
    cusum: {
      values: values.slice(-SHOWN_VALUES),
      threshold: plan.threshold,
      alarmAt: alarmAt === null ? null : (gold[alarmAt]?.decidedAt ?? null),
    },
  };
}

/** Each person by themselves. There is no order in it: intervals overlap, and a ranking would be noise. */
export function goldScores(reviews: readonly QualityReview[]): ReadonlyMap<string, GoldScore> {
  const people = groupedBy(
    reviews.filter(({ purpose }) => purpose === 'gold'),
    ({ by }) => by,
  );
  return new Map([...people].toSorted(([a], [b]) => a.localeCompare(b)).map(([by, own]) => [by, goldScore(own)]));
}

/** Whether mistakes fall on some groups more than on others. */
export interface BiasAudit {
  readonly dimension: Grouping;
  readonly groups: readonly ({ readonly group: string; readonly n: number; readonly errors: number } & Interval)[];
  /** Between the highest and the lowest share of errors; null where fewer than two groups have enough. `chance` is Holm's over all dimensions. */
  readonly gap: { readonly size: number; readonly chance: number; readonly isBeyondChance: boolean } | null;
}

/** A smaller group says nothing and names people. */
const SMALLEST_GROUP = 30;
const SIGNIFICANT = 0.05;
const SEED = 11;

/** Against what is known to be right: gold cases. */
export function biasAudit(
  reviews: readonly QualityReview[],
  dimensions: readonly Grouping[] = ['language', 'region', 'category'],
): readonly BiasAudit[] {
  const gold = reviews.filter(({ purpose }) => purpose === 'gold');
  const tables = dimensions.map((dimension) => {
    const members = gold.flatMap((review) => groupsOf(review, dimension).map((group) => ({ group, error: isRight(review) ? 0 : 1 })));
    return { dimension, groups: [...groupedBy(members, ({ group }) => group)].filter(([, found]) => found.length >= SMALLEST_GROUP) };
  });
  const chances = holm(
    tables.map(({ groups }) =>
      groups.length < 2
        ? 1
        : gapByChance(
            groups.map(([, found]) => found.map(({ error }) => error)),
            createRandom(SEED),
          ),
    ),
  );
  return tables.map(({ dimension, groups }, at) => {
    const rows = groups.map(([group, found]) => {
      const errors = found.filter(({ error }) => error === 1).length;
      return { group, n: found.length, errors, ...wilson(errors, found.length) };
    });
    const shares = rows.map(({ n, errors }) => errors / n);
    const chance = chances[at] ?? 1;
    const size = Math.max(...shares) - Math.min(...shares);
    return { dimension, groups: rows, gap: rows.length < 2 ? null : { size, chance, isBeyondChance: chance < SIGNIFICANT } };
  });
}
