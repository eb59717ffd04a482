import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import { createSums, DAY_MS, nextDay, openSpan } from './close-day.ts';
import { type GatherParts, gatherUsage } from './gather-usage.ts';
import { type UsageLine, usageCounts } from './usage-line.ts';

const closed = z.object({ day: z.iso.date(), lines: z.number(), sha256: z.string() });
const row = z.object({
  day: z.iso.date(),
  for_day: z.iso.date(),
  application: z.string(),
  surface: z.string(),
  key_id: z.string(),
  model: z.string(),
  operation: z.string(),
  size: z.string(),
  quality: z.string(),
  counts: usageCounts,
});

export type ClosedDay = z.output<typeof closed>;

/** The closed days from one to another, both included, the first one first. */
export async function closedDays(db: Queryable, from: string, to: string): Promise<readonly ClosedDay[]> {
  const { rows } = await db.query({
    text: `select to_char(day, 'YYYY-MM-DD') as day, lines, sha256 from usage_days where day between $1 and $2 order by usage_days.day`,
    values: [from, to],
  });
  return rows.map((one) => closed.parse(one));
}

/** Their lines, as they were written when each was closed. */
export async function usageLines(db: Queryable, from: string, to: string): Promise<readonly UsageLine[]> {
  const { rows } = await db.query({
    text: `select to_char(day, 'YYYY-MM-DD') as day, to_char(for_day, 'YYYY-MM-DD') as for_day, application, surface, key_id, model, operation, size, quality, counts
           from usage_lines where day between $1 and $2 order by usage_lines.day, seq`,
    values: [from, to],
  });
  return rows.map((one) => row.parse(one));
}

/** What the next closing would say if it were now. Not for billing. */
export async function openUsage(db: Queryable, at: Date, parts: GatherParts): Promise<readonly UsageLine[]> {
  const day = await nextDay(db);
  if (day === null) return [];
  const sums = createSums();
  const span = await openSpan(db, { day, before: new Date(at.getTime() + DAY_MS) });
  for await (const told of gatherUsage(db, span, parts)) told.forEach(sums.add);
  return sums.lines(at.toISOString().slice(0, day.length));
}
