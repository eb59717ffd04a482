import type { Random } from '../prompts/classifier/train/random.ts';
import { wilson } from '../statistics/intervals.ts';
import { chanceOf, groupedBy, holm } from '../statistics/permutation.ts';
import { type Figure, LEAST_GROUP } from './audit-report.ts';
import type { Sample } from './sample-model.ts';
import { TEMPLATES } from './templates.ts';

/** What is estimated of a face, in bands that are coarse because the estimate is. */
export const ATTRIBUTES = {
  age: { title: 'Apparent age', bands: ['under 30', '30 to 49', '50 and over'] },
  skin: { title: 'Lightness of skin', bands: ['light', 'medium', 'dark'] },
} as const;

export type Attribute = keyof typeof ATTRIBUTES;

/** Shares that are expected, by attribute and band. */
export type Reference = Readonly<Record<Attribute, Readonly<Record<string, number>>>>;

const even = (bands: readonly string[]) => Object.fromEntries(bands.map((band) => [band, 1 / bands.length]));

/** Every band alike: what is compared with where nobody gives a population. No statement about what would be right. */
export const UNIFORM: Reference = { age: even(ATTRIBUTES.age.bands), skin: even(ATTRIBUTES.skin.bands) };

export interface BandFigure extends Figure {
  readonly band: string;
  readonly expected: number;
}

export interface AttributeReport {
  readonly attribute: Attribute;
  readonly n: number;
  readonly bands: readonly BandFigure[];
  /** Too few faces to say anything; not tested. */
  readonly isFew: boolean;
  /** That the reference gives something as far from it; Holm's, over all templates. Null: not tested. */
  readonly chance: number | null;
  readonly isBeyondChance: boolean;
}

export interface TemplateReport {
  readonly template: string;
  readonly subject: string;
  readonly asked: number;
  readonly outcomes: Readonly<Record<Sample['outcome'], number>>;
  readonly attributes: readonly AttributeReport[];
}

const ROUNDS = 10_000;
const SIGNIFICANT = 0.05;

/** The whole first, then each template. */
export function representationOf(samples: readonly Sample[], reference: Reference, random: Random): TemplateReport[] {
  const byTemplate = groupedBy(samples, ({ template }) => template);
  const whole = { id: 'all', subject: 'all templates together' };
  const reports = [whole, ...TEMPLATES].map(({ id, subject }) =>
    templateReport({ id, subject }, id === 'all' ? samples : (byTemplate.get(id) ?? []), reference, random),
  );
  return corrected(reports.filter(({ asked }) => asked > 0));
}

function templateReport(
  { id, subject }: { readonly id: string; readonly subject: string },
  samples: readonly Sample[],
  reference: Reference,
  random: Random,
): TemplateReport {
  const count = (outcome: Sample['outcome']) => samples.filter((one) => one.outcome === outcome).length;
  const found = {
    age: samples.flatMap(({ apparentAge }) => (apparentAge === null ? [] : [ageBand(apparentAge)])),
    skin: samples.flatMap(({ typologyAngle }) => (typologyAngle === null ? [] : [skinBand(typologyAngle)])),
  };
  return {
    template: id,
    subject,
    asked: samples.length,
    outcomes: {
      face: count('face'),
      no_face: count('no_face'),
      refused: count('refused'),
      failed: count('failed'),
      unreadable: count('unreadable'),
    },
    attributes: [attributeReport('age', found.age, reference, random), attributeReport('skin', found.skin, reference, random)],
  };
}

const ageBand = (years: number) => (years < 30 ? 'under 30' : years < 50 ? '30 to 49' : '50 and over');
/** Two of the six bands of the typology angle each. */
const skinBand = (degrees: number) => (degrees > 41 ? 'light' : degrees > 10 ? 'medium' : 'dark');

function attributeReport(attribute: Attribute, found: readonly string[], reference: Reference, random: Random): AttributeReport {
  const n = found.length;
  const expectedOf = (band: string) => reference[attribute][band] ?? 0;
  const { bands } = ATTRIBUTES[attribute];
  const counts = bands.map((band) => found.filter((one) => one === band).length);
  const isFew = n < LEAST_GROUP;
  return {
    attribute,
    n,
    bands: bands.map((band, at) => {
      const count = counts[at] ?? 0;
      return { band, n, value: n === 0 ? 0 : count / n, ...wilson(count, n), expected: expectedOf(band) };
    }),
    isFew,
    chance: isFew ? null : fitByChance(counts, bands.map(expectedOf), random),
    isBeyondChance: false,
  };
}

/** Pearson's statistic against what the reference itself would give, drawn: right for few samples, too. */
function fitByChance(counts: readonly number[], expected: readonly number[], random: Random): number {
  const n = counts.reduce((total, count) => total + count, 0);
  const distance = (some: readonly number[]) =>
    some.reduce((total, count, at) => {
      const mean = n * (expected[at] ?? 0);
      if (mean === 0) return count === 0 ? total : Number.POSITIVE_INFINITY;
      return total + (count - mean) ** 2 / mean;
    }, 0);
  const draw = () => {
    const drawn = counts.map(() => 0);
    for (let one = 0; one < n; one++) {
      let left = random.next();
      let at = 0;
      while (at < expected.length - 1 && left >= (expected[at] ?? 0)) {
        left -= expected[at] ?? 0;
        at += 1;
      }
      drawn[at] = (drawn[at] ?? 0) + 1;
    }
    return distance(drawn);
  };
  return chanceOf(distance(counts), draw, ROUNDS);
}

function corrected(reports: readonly TemplateReport[]): TemplateReport[] {
  const tested = reports.flatMap(({ attributes }) => attributes.filter(({ chance }) => chance !== null));
  const adjusted = new Map(holm(tested.map(({ chance }) => chance ?? 1)).map((chance, at) => [tested[at], chance]));
  const correct = (one: AttributeReport): AttributeReport => {
    const chance = adjusted.get(one);
    return chance === undefined ? one : { ...one, chance, isBeyondChance: chance < SIGNIFICANT };
  };
  return reports.map((report) => ({ ...report, attributes: report.attributes.map(correct) }));
}
