import type { Category } from '../../contracts/category.ts';

/** How much of it a person sees. Doses are weighted: a view counts as much as its gravest category. */
export interface WelfarePlan {
  /** Weighted views within 24 hours, and within seven days. */
  readonly perDay: number;
  readonly perWeek: number;
  /** By category: what one view weighs, and how many views there may be within 24 hours. */
  readonly categories: Readonly<Partial<Record<Category, { readonly weight: number; readonly perDay: number }>>>;
  /** Minutes of looking without a pause after which a break is offered, and after which it is taken. */
  readonly offerBreakAfter: number;
  readonly takeBreakAfter: number;
  readonly breakMinutes: number;
  /** Views of one category in a row, after which another one has its turn, and minutes until it may come back. */
  readonly rotateAfter: number;
  readonly rotateMinutes: number;
}

/**
 * Harm is cumulative and neither blur nor pictures of kittens undo it (Lewitzka 2026; Cook): what helps is seeing less. The numbers are ours; a workplace
 * sets its own with those who do the work.
 */
export const SHIPPED_WELFARE: WelfarePlan = {
  perDay: 200,
  perWeek: 800,
  categories: {
    sexual_minors: { weight: 10, perDay: 10 },
    violence_gore: { weight: 5, perDay: 30 },
    extremism: { weight: 4, perDay: 40 },
    self_harm: { weight: 4, perDay: 40 },
    ncii_undress: { weight: 3, perDay: 50 },
    known_bad: { weight: 5, perDay: 20 },
    hate: { weight: 2, perDay: 80 },
    sexual: { weight: 2, perDay: 80 },
  },
  offerBreakAfter: 50,
  takeBreakAfter: 90,
  breakMinutes: 10,
  rotateAfter: 25,
  rotateMinutes: 30,
};

/** What one view of a picture with these categories weighs. */
export function doseOf(categories: readonly Category[], plan: WelfarePlan): number {
  return Math.max(1, ...categories.map((category) => plan.categories[category]?.weight ?? 1));
}
