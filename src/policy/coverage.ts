import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { Check, Coverage, LooksAt } from '../contracts/check.ts';
import type { CompiledPolicy } from './compile.ts';
import type { Condition } from './condition.ts';
import type { PolicyDocument } from './document.ts';
import { FLOORS } from './floors.ts';

/** Who looks for one category, and what was measured of it. */
export interface CoveringCheck {
  readonly check: string;
  readonly measured: Coverage['measured'];
  readonly note?: string;
}

/**
 * How one category is looked for on one kind of subject. `measured`: by a check of which it is known how much it misses. `unmeasured`: by
 * checks of which that is not known. `waived`: by nobody, and somebody signed for that. `uncovered`: by nobody, though the policy names it.
 * `unasked`: by nobody, and the policy does not name it.
 */
export interface CoverageRow {
  readonly category: Category;
  readonly looksAt: LooksAt;
  readonly state: 'measured' | 'unmeasured' | 'waived' | 'uncovered' | 'unasked';
  readonly checks: readonly CoveringCheck[];
  readonly waiver?: Waiver;
}

/** Somebody answers for a category that nobody looks for. */
export interface Waiver {
  readonly category: Category;
  readonly looksAt: LooksAt;
  readonly reason: string;
  readonly by: string;
  /** Last day, UTC, ISO 8601. */
  readonly until: string;
}

/** A category for which somebody answered when the gateway started, and nobody does any more. */
export interface Lapse extends Pick<Waiver, 'category' | 'looksAt' | 'until'> {}

/** What the policy in force relies on, and who looks for it. */
export interface CoverageReport {
  /** Gaps without a waiver do not let the gateway start. */
  readonly isEnforced: boolean;
  /** As of now: a waiver may run out while the gateway runs. */
  rows(): readonly CoverageRow[];
  /** The same, of waivers that ran out since the start. Cheap: it is asked at every picture. */
  lapses(): readonly Lapse[];
}

interface CoverageQuestion {
  readonly policy: Pick<CompiledPolicy, 'document'>;
  /** All that are installed. */
  readonly checks: readonly Pick<Check, 'id' | 'looksAt' | 'categories' | 'coverage'>[];
  readonly waivers: readonly Waiver[];
  readonly now: Date;
}

const SUBJECTS: readonly LooksAt[] = ['prompt', 'input_image', 'artifact'];

/** What cannot be there: a list and a file format say nothing of words, and undressing shows only beside what was there before. */
const NOWHERE: Partial<Record<Category, readonly LooksAt[]>> = {
  known_bad: ['prompt'],
  unsafe_file: ['prompt'],
  ncii_undress: ['input_image'],
};

/** Every category on every kind of subject on which it can be. Pure. */
export function coverageOf({ policy: { document }, checks, waivers, now }: CoverageQuestion): CoverageRow[] {
  // What looks in shadow stands in a list of its own: it has no say, so nobody may rely on it.
  const relied = checks.filter(({ id }) => document.checks.some((entry) => entry.id === id));
  const named = namedCategories(document);
  return CATEGORIES.flatMap((category) =>
    SUBJECTS.filter((looksAt) => NOWHERE[category]?.includes(looksAt) !== true).map((looksAt): CoverageRow => {
      const covering = relied.flatMap((check) => coveringBy(check, category, looksAt));
      if (covering.length > 0) return { category, looksAt, state: isMeasured(covering) ? 'measured' : 'unmeasured', checks: covering };
      if (!named.has(category)) return { category, looksAt, state: 'unasked', checks: [] };
      const waiver = waivers.find((one) => one.category === category && one.looksAt === looksAt && isInForce(one, now));
      return waiver === undefined
        ? { category, looksAt, state: 'uncovered', checks: [] }
        : { category, looksAt, state: 'waived', checks: [], waiver };
    }),
  );
}

/** What pixels should show, and nobody looks for it. Words of a category that is missing take a rule of your own (`promptRules`), no network. */
export function gapsOf(rows: readonly CoverageRow[]): CoverageRow[] {
  return rows.filter(({ state, looksAt }) => state === 'uncovered' && looksAt !== 'prompt');
}

const DAY_MS = 86_400_000;

/** The moment, in milliseconds, from which a waiver counts for nothing. */
export function endOfWaiver({ until }: Pick<Waiver, 'until'>): number {
  return Date.parse(until) + DAY_MS;
}

function isInForce(waiver: Waiver, now: Date): boolean {
  return now.getTime() < endOfWaiver(waiver);
}

function isMeasured(covering: readonly CoveringCheck[]): boolean {
  return covering.some(({ measured }) => measured !== 'unmeasured' && measured.error.missed !== 'unmeasured');
}

/** A check that lists what it covers covers nothing else, whatever it may say in passing. */
function coveringBy({ id, looksAt, categories, coverage }: CoverageQuestion['checks'][number], category: Category, subject: LooksAt) {
  if (!looksAt.includes(subject) || !categories.includes(category)) return [];
  if (coverage === undefined) return [{ check: id, measured: 'unmeasured' as const }];
  return coverage
    .filter((line) => line.category === category && line.looksAt === subject)
    .map(({ measured, note }): CoveringCheck => ({ check: id, measured, ...(note === undefined ? {} : { note }) }));
}

/** Whatever a threshold line with a number, or a condition of a rule, names; and the floors, which hold whether a policy names them or not. */
function namedCategories({ thresholds, rules }: PolicyDocument): ReadonlySet<Category> {
  const lines = CATEGORIES.filter((category) => {
    const { surfaces = {}, ...levels } = thresholds[category] ?? {};
    return [levels, ...Object.values(surfaces)].some((one) => Object.keys(one).length > 0);
  });
  return new Set([...FLOORS.map(({ category }) => category), ...lines, ...rules.flatMap(({ when }) => categoriesIn(when))]);
}

function categoriesIn(when: Condition): Category[] {
  if ('any' in when) return when.any.flatMap(categoriesIn);
  if ('all' in when) return when.all.flatMap(categoriesIn);
  return 'category' in when ? [when.category] : [];
}
