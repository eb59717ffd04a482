import type { Category } from '../../contracts/category.ts';
import { doseOf, type WelfarePlan } from './plan.ts';

/** One look at a picture as it is. */
export interface Exposure {
  readonly categories: readonly Category[];
  readonly seenAt: Date;
}

/** What is known of somebody: views of the last seven days, newest first, what they do not want to see, and their break. */
export interface WelfareRecord {
  readonly exposures: readonly Exposure[];
  readonly optOuts: readonly Category[];
  readonly breakUntil: Date | null;
}

export type WhyNot = 'break' | 'budget' | 'rotation' | 'opt_out';

export interface Pause {
  readonly because: WhyNot;
  /** Null: not by itself. */
  readonly resumesAt: Date | null;
}

/** What somebody may be given right now. */
export interface WorkingState {
  /** No case at all until then. */
  readonly pause: Pause | null;
  /** No case of these categories. */
  readonly hidden: ReadonlyMap<Category, Pause>;
  readonly today: number;
  readonly week: number;
  /** Minutes of looking since the last pause, from which on a break is offered. */
  readonly breakOffered: number | null;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Whoever looks at nothing for so long has had a pause of their own. */
const PAUSE = 10 * MINUTE;

/** Windows slide: the budget of a day is that of any 24 hours, so that midnight gives nobody a second one. */
export function workingState({ exposures, optOuts, breakUntil }: WelfareRecord, plan: WelfarePlan, now: Date): WorkingState {
  const doses = exposures.map(({ categories, seenAt }) => ({ at: seenAt.getTime(), dose: doseOf(categories, plan) }));
  const day = windowOf(doses, { lengthMs: DAY, budget: plan.perDay, now });
  const week = windowOf(doses, { lengthMs: 7 * DAY, budget: plan.perWeek, now });
  const minutes = minutesWithoutPause(exposures, now);
  const pauses = [
    ...(breakUntil !== null && breakUntil > now ? [{ because: 'break' as const, resumesAt: breakUntil }] : []),
    ...takenBreak(exposures, { plan, minutes, now }),
    ...[day, week].flatMap(({ resumesAt }) => (resumesAt === null ? [] : [{ because: 'budget' as const, resumesAt }])),
  ];
  const latest = pauses.toSorted((a, b) => b.resumesAt.getTime() - a.resumesAt.getTime())[0];
  return {
    pause: latest ?? null,
    hidden: hiddenCategories({ exposures, optOuts, breakUntil }, plan, now),
    today: day.sum,
    week: week.sum,
    breakOffered: minutes >= plan.offerBreakAfter ? minutes : null,
  };
}

interface Dose {
  readonly at: number;
  readonly dose: number;
}

/** The sum inside a sliding window, and when it falls below the budget again; null while it is below. */
function windowOf(doses: readonly Dose[], { lengthMs, budget, now }: { lengthMs: number; budget: number; now: Date }) {
  const inside = doses.filter(({ at }) => at > now.getTime() - lengthMs);
  const sum = inside.reduce((total, { dose }) => total + dose, 0);
  let rest = sum;
  for (const { at, dose } of inside.toReversed()) {
    if (rest < budget) break;
    rest -= dose;
    if (rest < budget) return { sum, resumesAt: new Date(at + lengthMs) };
  }
  return { sum, resumesAt: null };
}

function hiddenCategories({ exposures, optOuts }: WelfareRecord, plan: WelfarePlan, now: Date): ReadonlyMap<Category, Pause> {
  const hidden = new Map<Category, Pause>();
  for (const [category, resumesAt] of rotatedAway(exposures, plan, now)) hidden.set(category, { because: 'rotation', resumesAt });
  for (const category of new Set(exposures.flatMap(({ categories }) => categories))) {
    const limit = plan.categories[category]?.perDay;
    if (limit === undefined) continue;
    const views = exposures
      .filter(({ categories }) => categories.includes(category))
      .map(({ seenAt }) => ({ at: seenAt.getTime(), dose: 1 }));
    const { resumesAt } = windowOf(views, { lengthMs: DAY, budget: limit, now });
    if (resumesAt !== null) hidden.set(category, { because: 'budget', resumesAt });
  }
  for (const category of optOuts) hidden.set(category, { because: 'opt_out', resumesAt: null });
  return hidden;
}

/** The one category of the last views in a row. Only categories that weigh more than an ordinary view are rotated. */
function rotatedAway(exposures: readonly Exposure[], plan: WelfarePlan, now: Date): readonly (readonly [Category, Date])[] {
  const row = exposures.slice(0, plan.rotateAfter);
  const [last] = row;
  if (last === undefined || row.length < plan.rotateAfter) return [];
  const back = new Date(last.seenAt.getTime() + plan.rotateMinutes * MINUTE);
  if (back <= now) return [];
  return last.categories
    .filter((category) => (plan.categories[category]?.weight ?? 1) > 1 && row.every(({ categories }) => categories.includes(category)))
    .map((category) => [category, back]);
}

/** From the first to the last view of the stretch that is still going on. */
function minutesWithoutPause(exposures: readonly Exposure[], now: Date): number {
  const [last] = exposures;
  if (last === undefined || now.getTime() - last.seenAt.getTime() > PAUSE) return 0;
  let first = last.seenAt.getTime();
  for (const { seenAt } of exposures) {
    if (first - seenAt.getTime() > PAUSE) break;
    first = seenAt.getTime();
  }
  return Math.floor((last.seenAt.getTime() - first) / MINUTE);
}

function takenBreak(exposures: readonly Exposure[], { plan, minutes, now }: { plan: WelfarePlan; minutes: number; now: Date }) {
  const [last] = exposures;
  if (last === undefined || minutes < plan.takeBreakAfter) return [];
  const resumesAt = new Date(last.seenAt.getTime() + plan.breakMinutes * MINUTE);
  return resumesAt > now ? [{ because: 'break' as const, resumesAt }] : [];
}
