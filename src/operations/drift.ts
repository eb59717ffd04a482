import { createRandom } from '../prompts/classifier/train/random.ts';
import { changePoints } from '../statistics/change-points.ts';
import { type Stability, stability } from '../statistics/stability.ts';
import type { Queryable } from '../storage/database.ts';
import { hoursOf, sumsOf } from './counts.ts';

/** What is watched for drift: what prompts are about, what pictures score, what is decided, and why it is stopped. */
export const DRIFT_MEASURES = ['prompts', 'scores', 'decisions', 'categories'] as const;
export type DriftMeasure = (typeof DRIFT_MEASURES)[number];

/** How the last day compares with the four weeks before. */
export interface Drift extends Stability {
  readonly measure: DriftMeasure;
  /** Since when the share of what is stopped is another one; null where it did not change within a week. */
  readonly since: Date | null;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** So that one hour's flood is not taken for drift of a day. */
const SEED = 3;

/** @param hides values that the reader may not learn of */
export async function readDrift(db: Queryable, now: Date, hides: (value: string) => boolean): Promise<readonly Drift[]> {
  const end = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  const day = new Date(end.getTime() - DAY);
  const before = new Date(day.getTime() - 28 * DAY);
  const since = await lastChange(db, end);
  return Promise.all(
    DRIFT_MEASURES.map(async (measure) => {
      const [reference, current] = await Promise.all([
        sumsOf(db, measure, { from: before, to: day }),
        sumsOf(db, measure, { from: day, to: end }),
      ]);
      const shown = (counts: ReadonlyMap<string, number>) => new Map([...counts].filter(([value]) => !hides(value)));
      return { measure, ...stability(shown(reference), shown(current)), since: measure === 'decisions' ? since : null };
    }),
  );
}

/** When the share of prompts and pictures that were stopped last changed, within a week. */
async function lastChange(db: Queryable, end: Date): Promise<Date | null> {
  const hours = await hoursOf(db, ['decisions'], { from: new Date(end.getTime() - 7 * DAY), to: end });
  const series = hours.map(({ counts }) => {
    const of = [...counts.values()].reduce((sum, n) => sum + n, 0);
    return { hits: (counts.get('decisions.hold') ?? 0) + (counts.get('decisions.block') ?? 0), of };
  });
  const last = changePoints(series, createRandom(SEED)).at(-1);
  return last === undefined ? null : (hours[last.at]?.at ?? null);
}
