import type { Random } from '../prompts/classifier/train/random.ts';
import { type Interval, meanInterval, wilson } from '../statistics/intervals.ts';
import { gapByChance, gapOf, groupedBy, holm, sum } from '../statistics/permutation.ts';
import type { Dimension } from './dimensions.ts';
import type { Measure } from './measures.ts';
import type { Observation } from './observation.ts';

/** A share or a mean with its 95 % interval. `n`: what it is a share or a mean of. */
export interface Figure extends Interval {
  readonly n: number;
  readonly value: number;
}

export interface GroupFigure extends Figure {
  readonly group: string;
  /** Too few to say anything; not compared. */
  readonly isFew: boolean;
}

/** Between the groups that have enough; `chance` is Holm's, over all comparisons of the report. */
export interface Gap {
  readonly size: number;
  readonly highest: string;
  readonly lowest: string;
  readonly chance: number;
  readonly isBeyondChance: boolean;
}

export interface Comparison {
  readonly dimension: Dimension['id'];
  readonly title: string;
  readonly groups: readonly GroupFigure[];
  /** Null: fewer than two groups have enough. */
  readonly gap: Gap | null;
}

export interface MeasureReport extends Pick<Measure, 'id' | 'detector' | 'what' | 'unit'> {
  readonly overall: Figure;
  readonly comparisons: readonly Comparison[];
}

/** Groups with fewer are shown and not compared: with ten, no error at all still leaves room for 28 %. */
export const LEAST_GROUP = 10;
const SIGNIFICANT = 0.05;

type Values = Measure['values'];

/** One measure, parted in every way. The probabilities of gaps are of each test alone until `corrected`. */
export function reportOf(measure: Measure, dimensions: readonly Dimension[], random: Random): MeasureReport {
  const { id, detector, what, unit, values } = measure;
  const figure = (rows: Values) => figureOf(rows, unit, random);
  return { id, detector, what, unit, overall: figure(values), comparisons: dimensions.map((one) => compare(one)).filter(hasGroups) };

  function compare({ id: dimension, title, groups, groupOf }: Dimension): Comparison {
    const parts = groups.map((group) => ({ group, rows: values.filter(({ observation }) => groupOf(observation) === group) }));
    const figures = parts
      .filter(({ rows }) => rows.length > 0)
      .map(({ group, rows }) => ({ group, ...figure(rows), isFew: rows.length < LEAST_GROUP }));
    const enough = parts.filter(({ rows }) => rows.length >= LEAST_GROUP).map(({ rows }) => personMeans(rows));
    return { dimension, title, groups: figures, gap: gapIn(figures, () => gapByChance(enough, random)) };
  }
}

const hasGroups = ({ groups }: Comparison) => groups.length > 0;

/** The gap between the groups that have enough. */
export function gapIn(figures: readonly GroupFigure[], chance: () => number): Gap | null {
  const ranked = figures.filter(({ isFew }) => !isFew).toSorted((a, b) => a.value - b.value);
  const [lowest, highest] = [ranked[0], ranked.at(-1)];
  if (lowest === undefined || highest === undefined || ranked.length < 2) return null;
  return {
    size: gapOf(ranked.map(({ value }) => value)),
    highest: highest.group,
    lowest: lowest.group,
    chance: chance(),
    isBeyondChance: false,
  };
}

/** Every comparison of a report was one chance of a false finding: Holm's correction over all of them. */
export function corrected(reports: readonly MeasureReport[]): MeasureReport[] {
  const gaps = reports.flatMap(({ comparisons }) => comparisons.flatMap(({ gap }) => (gap === null ? [] : [gap])));
  const adjusted = new Map(holm(gaps.map(({ chance }) => chance)).map((chance, at) => [gaps[at], chance]));
  const correct = (gap: Gap): Gap => {
    const chance = adjusted.get(gap) ?? 1;
    return { ...gap, chance, isBeyondChance: chance < SIGNIFICANT };
  };
  return reports.map((report) => ({
    ...report,
    comparisons: report.comparisons.map((one) => (one.gap === null ? one : { ...one, gap: correct(one.gap) })),
  }));
}

function figureOf(rows: Values, unit: Measure['unit'], random: Random): Figure {
  const total = sum(rows.map(({ value }) => value));
  const value = total / rows.length;
  const clustered = rows.map(({ observation, value: one }) => ({ cluster: personOf(observation), value: one }));
  const interval = unit === 'share' ? wilson(total, rows.length) : meanInterval(clustered, random);
  return { n: rows.length, value, ...interval };
}

/** Pictures of one person count once in a test. */
function personMeans(rows: Values): number[] {
  const byPerson = groupedBy(rows, ({ observation }) => personOf(observation));
  return [...byPerson.values()].map((own) => sum(own.map(({ value }) => value)) / own.length);
}

const personOf = ({ label }: Observation) => (label.person === null ? `file ${label.file}` : `person ${label.person}`);
