import type { Queryable } from '../storage/database.ts';
import { burnRate, burnStates } from './burn.ts';
import { hoursOf, type SloCounts, sloCounts, sumsOf } from './counts.ts';
import { type Drift, readDrift } from './drift.ts';
import { findExamples } from './examples.ts';
import { SLOS } from './slos.ts';

const HOUR = 3_600_000;
const EXAMPLES = 5;

/** The first minute of the hours that count as the last `hours` ones, the running one among them. */
function stretchOf(now: Date, hours: number) {
  const to = new Date((Math.floor(now.getTime() / HOUR) + 1) * HOUR);
  return { from: new Date(to.getTime() - hours * HOUR), to };
}

export interface BoardWish {
  readonly now: Date;
  readonly hours: number;
  /** Values that the reader may not learn of. */
  readonly hides: (value: string) => boolean;
}

/** Everything on the operations board. Sums of hours are read, never the rows that were counted. */
export async function readBoard(db: Queryable, wish: BoardWish) {
  const stretch = stretchOf(wish.now, wish.hours);
  const previous = { from: new Date(stretch.from.getTime() - wish.hours * HOUR), to: stretch.from };
  const compare = async (measure: string) => {
    const [now, before] = await Promise.all([sumsOf(db, measure, stretch), sumsOf(db, measure, previous)]);
    return [...now.keys(), ...[...before.keys()].filter((value) => !now.has(value))]
      .filter((value) => !wish.hides(value))
      .map((value) => ({ value, count: now.get(value) ?? 0, previous: before.get(value) ?? 0 }))
      .toSorted((a, b) => b.count - a.count);
  };
  const [counts, hours, categories, surfaces, drift] = await Promise.all([
    sloCounts(db, wish.now),
    hoursOf(db, ['surfaces', 'outcomes', 'decisions', 'reviews'], stretch),
    compare('categories'),
    compare('surfaces'),
    readDrift(db, wish.now, wish.hides),
  ]);
  return {
    slos: describeSlos(counts),
    points: hours.map(point),
    categories,
    surfaces,
    drift: await Promise.all(drift.map((one) => withExamples(db, one, wish))),
  };
}

/** The longest window speaks for an objective: a single bad hour is not the whole truth of it. */
export function describeSlos(counts: SloCounts) {
  return SLOS.map((slo) => {
    const windows = counts.get(slo.id) ?? new Map();
    const { good = 0, bad = 0 } = windows.get('3d') ?? {};
    const burnt = burnRate({ good, bad }, slo);
    const states = burnStates(slo, windows);
    return { slo, good, total: good + bad, budgetLeft: burnt === null ? null : 1 - burnt, states };
  });
}

function point({ at, counts }: { at: Date; counts: ReadonlyMap<string, number> }) {
  const of = (name: string) => counts.get(name) ?? 0;
  const generations = [...counts].reduce((sum, [name, n]) => (name.startsWith('surfaces.') ? sum + n : sum), 0);
  return {
    at,
    generations,
    refused: of('outcomes.refused'),
    held: of('decisions.hold'),
    released: of('reviews.released'),
    blocked: of('reviews.blocked'),
  };
}

/** Where something moved: decisions of the kind that moved most. */
async function withExamples(db: Queryable, drift: Drift, { now }: BoardWish) {
  const [moved] = drift.bins.filter(({ before, now: share }) => share > before);
  if (drift.level === 'calm' || moved === undefined) return { ...drift, moved: null, examples: [] };
  const from = new Date(now.getTime() - 24 * HOUR);
  return {
    ...drift,
    moved: moved.bin,
    examples: await findExamples(db, { measure: drift.measure, value: moved.bin, from, limit: EXAMPLES }),
  };
}
