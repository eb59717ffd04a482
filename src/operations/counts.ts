import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';
import { type BurnWindow, SLOS, WINDOW_MINUTES, WINDOWS } from './slos.ts';

/** Good and bad events of an objective in one window. */
export interface WindowCount {
  readonly good: number;
  readonly bad: number;
}

export type SloCounts = ReadonlyMap<string, ReadonlyMap<BurnWindow, WindowCount>>;

const HOUR = 3_600_000;
const DAY_MINUTES = 1_440;
const sloRow = z.object({ slo: z.string(), value: z.enum(['good', 'bad']), counts: z.array(z.coerce.number()) });

/** Windows of up to a day are read by the minute, longer ones by the hour. */
const SLO_WINDOWS = `
select measure as slo, value, array[${WINDOWS.map((name) => {
  const minutes = WINDOW_MINUTES[name];
  const resolution = minutes < DAY_MINUTES ? 'minute' : 'hour';
  return `coalesce(sum(n) filter (where resolution = '${resolution}' and at >= $1::timestamptz - interval '${minutes} minutes'), 0)`;
}).join(', ')}] as counts
from operation_counts
where measure = any ($2) and ((resolution = 'minute' and at >= $1::timestamptz - interval '6 hours')
  or (resolution = 'hour' and at >= $1::timestamptz - interval '3 days'))
group by measure, value`;

/** What each objective counted in each window that an alarm looks at. */
export async function sloCounts(db: Queryable, now: Date): Promise<SloCounts> {
  const { rows } = await db.query({ text: SLO_WINDOWS, values: [now, SLOS.map(({ id }) => `slo.${id}`)] });
  const found = rows.map((row) => sloRow.parse(row));
  const of = (id: string, value: 'good' | 'bad', at: number) =>
    found.find((row) => row.slo === `slo.${id}` && row.value === value)?.counts[at] ?? 0;
  return new Map(
    SLOS.map(({ id }) => [id, new Map(WINDOWS.map((name, at) => [name, { good: of(id, 'good', at), bad: of(id, 'bad', at) }]))]),
  );
}

const valueRow = z.object({ value: z.string(), n: z.coerce.number() });

/** Sums by value of one measure, over whole hours. */
export async function sumsOf(db: Queryable, measure: string, { from, to }: { from: Date; to: Date }): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query({
    text: `select value, sum(n) as n from operation_counts where resolution = 'hour' and measure = $1 and at >= $2 and at < $3 group by value`,
    values: [measure, from, to],
  });
  return new Map(rows.map((row) => valueRow.parse(row)).map(({ value, n }) => [value, n]));
}

const hourRow = z.object({ at: z.date(), counts: z.record(z.string(), z.number()) });

/** One entry for each hour, also where nothing happened; oldest first. Keys are `measure.value`. */
export async function hoursOf(
  db: Queryable,
  measures: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<readonly { readonly at: Date; readonly counts: ReadonlyMap<string, number> }[]> {
  const { rows } = await db.query({
    text: `select at, jsonb_object_agg(measure || '.' || value, n) as counts from operation_counts
           where resolution = 'hour' and measure = any ($1) and at >= $2 and at < $3 group by at`,
    values: [[...measures], from, to],
  });
  const known = new Map(rows.map((row) => hourRow.parse(row)).map(({ at, counts }) => [at.getTime(), new Map(Object.entries(counts))]));
  const start = Math.ceil(from.getTime() / HOUR) * HOUR;
  const hours = Math.max(0, Math.ceil((to.getTime() - start) / HOUR));
  return Array.from({ length: hours }, (_, at) => ({ at: new Date(start + at * HOUR), counts: known.get(start + at * HOUR) ?? new Map() }));
}
