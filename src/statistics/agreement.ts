import { type Confusion, itemsIn, margins } from './confusion.ts';

/**
 * Agreement of two raters. None of these may be shown alone: where violations are rare κ looks bad and AC1 good on the very same table, and only
 * the positive specific agreement says what happens to violations. Each is null where it is not defined (no items, or nobody used a label).
 */
export type AgreementMeasure = (confusion: Confusion) => number | null;

const quotient = (over: number, under: number): number | null => (under === 0 ? null : over / under);

/** The share of items on which both said the same. */
export const rawAgreement: AgreementMeasure = (confusion) =>
  quotient(
    margins(confusion).reduce((total, { both }) => total + both, 0),
    itemsIn(confusion),
  );

/** How often the two say a label, as a share of all they say: its prevalence. */
export function prevalence(confusion: Confusion, label: string): number | null {
  const found = margins(confusion)[confusion.labels.indexOf(label)];
  return found === undefined ? null : quotient(found.first + found.second, 2 * itemsIn(confusion));
}

/** Cohen 1960. Chance: each rater keeps to their own shares. */
export const cohenKappa: AgreementMeasure = (confusion) => {
  const items = itemsIn(confusion);
  const byChance = margins(confusion).reduce((total, { first, second }) => total + (first * second) / items ** 2, 0);
  return beyondChance(rawAgreement(confusion), byChance);
};

/** Gwet 2008, equation 5 and its form for more labels. Chance: an item is hard, and then any label is as good. */
export const gwetAc1: AgreementMeasure = (confusion) => {
  const items = itemsIn(confusion);
  const shares = margins(confusion).map(({ first, second }) => (first + second) / (2 * items));
  const byChance = shares.reduce((total, share) => total + share * (1 - share), 0) / (shares.length - 1);
  return beyondChance(rawAgreement(confusion), byChance);
};

/** Krippendorff's α of two raters who both rated everything, for labels without an order: `krippendorffAlpha` from the table alone. */
export const nominalAlpha: AgreementMeasure = (confusion) => {
  const items = itemsIn(confusion);
  const said = margins(confusion).map(({ first, second }) => first + second);
  const expected = (2 * items) ** 2 - said.reduce((total, count) => total + count ** 2, 0);
  const same = margins(confusion).reduce((total, { both }) => total + both, 0);
  return expected === 0 ? null : 1 - ((2 * items - 1) * 2 * (items - same)) / expected;
};

function beyondChance(observed: number | null, byChance: number): number | null {
  return observed === null || Number.isNaN(byChance) ? null : quotient(observed - byChance, 1 - byChance);
}

/**
 * Of everything that one of them gave this label, how much the other did, too (Dice 1945; Cicchetti and Feinstein 1990). With the label of violations
 * it is the positive specific agreement.
 */
export function specificAgreement(label: string): AgreementMeasure {
  return (confusion) => {
    const found = margins(confusion)[confusion.labels.indexOf(label)];
    return found === undefined ? null : quotient(2 * found.both, found.first + found.second);
  };
}
