import { describe, expect, it } from 'vitest';
import { createRandom } from '../prompts/classifier/train/random.ts';
import { cohenKappa, gwetAc1, nominalAlpha, prevalence, rawAgreement, specificAgreement } from './agreement.ts';
import { binomial, bootstrapAgreement } from './bootstrap-agreement.ts';
import { type Confusion, confusionOf } from './confusion.ts';
import { wilson } from './intervals.ts';
import { krippendorffAlpha } from './krippendorff.ts';

const table = (both: number, first: number, second: number, neither: number): Confusion => ({
  labels: ['violates', 'fine'],
  rows: [
    [both, first],
    [second, neither],
  ],
});
/** One number for each rating; 1 violates. */
const units = ({ rows: [[both = 0, first = 0] = [], [second = 0, neither = 0] = []] }: Confusion) =>
  [
    [both, [1, 1]],
    [first, [1, 0]],
    [second, [0, 1]],
    [neither, [0, 0]],
  ].flatMap(([count, unit]) => Array.from({ length: Number(count) }, () => unit as number[]));

describe('agreement of two reviewers', () => {
  // Exact fractions: κ = 191/591, α = 956/2955, AC1 = 19009/19409 and so on, worked out with rational arithmetic in another language.
  it.each([
    [table(5, 10, 10, 975), 0.015, 191 / 591, 956 / 2955, 19009 / 19409, 1 / 3, 195 / 197],
    [table(40, 10, 10, 940), 0.05, 15 / 19, 7501 / 9500, 177 / 181, 4 / 5, 94 / 95],
    [table(480, 10, 10, 500), 0.49, 2399 / 2499, 47981 / 49980, 2401 / 2501, 48 / 49, 50 / 51],
  ])('has the reference values to nine digits where 98 %% agree (%#)', (confusion, share, kappa, alpha, ac1, positive, negative) => {
    expect(rawAgreement(confusion)).toBeCloseTo(0.98, 12);
    expect(prevalence(confusion, 'violates')).toBeCloseTo(share, 12);
    expect(cohenKappa(confusion)).toBeCloseTo(kappa, 11);
    expect(krippendorffAlpha(units(confusion))).toBeCloseTo(alpha, 11);
    expect(nominalAlpha(confusion)).toBeCloseTo(alpha, 11);
    expect(gwetAc1(confusion)).toBeCloseTo(ac1, 11);
    expect(specificAgreement('violates')(confusion)).toBeCloseTo(positive, 11);
    expect(specificAgreement('fine')(confusion)).toBeCloseTo(negative, 11);
  });

  it('has the reference values for three decisions', () => {
    const confusion = {
      labels: ['a', 'b', 'c'],
      rows: [
        [44, 5, 1],
        [7, 20, 3],
        [9, 5, 6],
      ],
    };
    expect(cohenKappa(confusion)).toBeCloseTo(0.491525423728814, 11);
    expect(gwetAc1(confusion)).toBeCloseTo(0.575971731448763, 11);
  });

  it('gives the α that Krippendorff prints for four observers with gaps (0.743, 0.815, 0.849), to nine digits', () => {
    expect(krippendorffAlpha(OBSERVERS, 'nominal')).toBeCloseTo(0.743421052631579, 11);
    expect(krippendorffAlpha(OBSERVERS, 'ordinal')).toBeCloseTo(0.815387503754881, 11);
    expect(krippendorffAlpha(OBSERVERS, 'interval')).toBeCloseTo(0.849107142857143, 11);
  });

  it('says nothing where nothing can be said', () => {
    const nobody = confusionOf([], ['violates', 'fine']);
    for (const measure of [rawAgreement, cohenKappa, gwetAc1, specificAgreement('violates')]) expect(measure(nobody)).toBeNull();
    expect(cohenKappa(table(0, 0, 0, 50))).toBeNull();
    expect(specificAgreement('violates')(table(0, 0, 0, 50))).toBeNull();
    expect(specificAgreement('unheard')(table(1, 1, 1, 1))).toBeNull();
    expect(krippendorffAlpha([[1], [], [0]])).toBeNull();
  });

  it('counts who said what', () => {
    const confusion = confusionOf([
      { first: 'block', second: 'release' },
      { first: 'block', second: 'block' },
    ]);
    expect(confusion).toEqual({
      labels: ['block', 'release'],
      rows: [
        [1, 1],
        [0, 0],
      ],
    });
  });
});

describe('intervals of agreement', () => {
  it.each([
    [19, 20, 0.763868806553258, 0.9911185511992047],
    [48, 50, 0.8653990931249297, 0.9889611156723802],
    [95, 100, 0.8882495307680808, 0.9784563208456319],
    [190, 200, 0.9104218518612239, 0.972617354399236],
    [384, 400, 0.9360177522821589, 0.9752309369302883],
  ])('of %i right gold answers among %i are Wilson’s to nine digits', (right, of, low, high) => {
    expect(wilson(right, of).low).toBeCloseTo(low, 10);
    expect(wilson(right, of).high).toBeCloseTo(high, 10);
  });

  it('by the bootstrap are the quantiles of the binomial distribution that theory says', () => {
    // 380 of 400 agree: drawn anew, disagreements are binomial (400, 0.05), whose quantiles are 12 and 29.
    const drawn = bootstrapAgreement(table(380, 20, 0, 0), { raw: rawAgreement }, createRandom(1), 20_000).get('raw');
    expect(drawn?.low).toBeCloseTo(1 - 29 / 400, 9);
    expect(drawn?.high).toBeCloseTo(1 - 12 / 400, 9);
  });

  it.each([
    [100, 0.39, 1],
    [500, 0.64, 0.9],
    [2_000, 0.72, 0.85],
  ])('of κ from %i overlaps are as wide as measured elsewhere', (n, low, high) => {
    const share = n / 1_000;
    const drawn = bootstrapAgreement(table(40 * share, 10 * share, 10 * share, 940 * share), { kappa: cohenKappa }, createRandom(2), 2_000);
    expect(drawn.get('kappa')?.low).toBeCloseTo(low, 1);
    expect(drawn.get('kappa')?.high).toBeCloseTo(high, 1);
  });

  it('are not there for what no round defines', () => {
    expect(bootstrapAgreement(table(0, 0, 0, 9), { kappa: cohenKappa }, createRandom(3), 50).get('kappa')).toBeNull();
  });

  it('draw a binomial variable with its mean and variance', () => {
    const random = createRandom(4);
    for (const share of [0.01, 0.3, 0.9]) {
      const values = Array.from({ length: 5_000 }, () => binomial(200, share, random));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(mean / (200 * share)).toBeCloseTo(1, 1);
      expect(variance / (200 * share * (1 - share))).toBeCloseTo(1, 0);
    }
  });
});

const gaps = (text: string) => text.split(' ').map((value) => (value === '.' ? null : Number(value)));
const RATERS = ['1 2 3 3 2 1 4 1 2 . . .', '1 2 3 3 2 2 4 1 2 5 . 3', '. 3 3 3 2 3 4 2 2 5 1 .', '1 2 3 3 2 4 4 1 2 5 1 .'].map(gaps);
const OBSERVERS = Array.from({ length: 12 }, (_, unit) => RATERS.flatMap((values) => values[unit] ?? []));
