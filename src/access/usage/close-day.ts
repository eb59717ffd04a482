import { createHash } from 'node:crypto';
import type { Journal } from '../../ledger/journal.ts';
import type { Queryable } from '../../storage/database.ts';
import { type GatherParts, gatherUsage, lineKey, type Span, type Told } from './gather-usage.ts';
import { combined, NOTHING, type UsageCounts, type UsageDimensions, type UsageLine } from './usage-line.ts';

/** Clocks differ, and transactions take a while: what was written so long before the last closing is looked at once more. */
const OVERLAP_MS = 2 * 3_600_000;
const AT_ONCE = 5_000;
export const DAY_MS = 86_400_000;

/** The first day that is not closed, UTC; null while nobody has asked for anything. */
export async function nextDay(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ day: string | null }>({
    text: `select to_char(coalesce((select max(day) + 1 from usage_days), (select min(created_at at time zone 'UTC')::date from generations)), 'YYYY-MM-DD') as day`,
  });
  return rows[0]?.day ?? null;
}

/** What may not be told yet by the day that is closed next: the day itself, and what changed of earlier ones since the last closing began. */
export async function openSpan(db: Queryable, { day, before }: { readonly day: string; readonly before: Date }): Promise<Span> {
  const { rows } = await db.query<{ at: Date | null }>({ text: 'select max(closed_at) as at from usage_days' });
  const early = (ms: number) => new Date(ms - OVERLAP_MS);
  // Before the first closing nothing was told that could change.
  return { from: early(Date.parse(day)), before, changedSince: early(rows[0]?.at?.getTime() ?? Date.now()) };
}

/** A day as it is about to be told. About 300 bytes of memory for each generation that is. */
export interface PreparedDay {
  readonly day: string;
  /** Facts are as they were then, or later. */
  readonly at: Date;
  readonly told: readonly Pick<Told, 'generationId' | 'forDay' | 'counts' | 'isRunning'>[];
  readonly lines: readonly UsageLine[];
}

/** Reads what a day has to tell; outside of a transaction, since it may take a while. */
export async function prepareDay(
  db: Queryable,
  { day, at }: { readonly day: string; readonly at: Date },
  parts: GatherParts,
): Promise<PreparedDay> {
  const span = await openSpan(db, { day, before: new Date(Date.parse(day) + DAY_MS) });
  const sums = createSums();
  const told: PreparedDay['told'][number][] = [];
  for await (const some of gatherUsage(db, span, parts)) {
    for (const one of some) {
      sums.add(one);
      told.push({ generationId: one.generationId, forDay: one.forDay, counts: one.counts, isRunning: one.isRunning });
    }
  }
  return { day, at, told, lines: sums.lines(day) };
}

/**
 * Closes a day in the caller's transaction: its lines, the corrections of earlier days, what was told of each generation, and the hash in the ledger. A second
 * process that prepared the same day waits for the first and then finds it done.
 * @returns false: it was closed before
 */
export async function closeDay(tx: Queryable, { day, at, told, lines }: PreparedDay, journal: Pick<Journal, 'recordIn'>): Promise<boolean> {
  const sha256 = createHash('sha256').update(JSON.stringify(lines)).digest('hex');
  const { rowCount } = await tx.query({
    text: 'insert into usage_days (day, closed_at, lines, sha256) values ($1, $2, $3, $4) on conflict do nothing',
    values: [day, at, lines.length, sha256],
  });
  if (rowCount === 0) return false;
  for (let from = 0; from < told.length; from += AT_ONCE) await markTold(tx, told.slice(from, from + AT_ONCE));
  await writeLines(tx, day, lines);
  await journal.recordIn(tx, {}, [{ kind: 'usage.closed', day, lines: lines.length, sha256 }]);
  return true;
}

/** Adds up what was told of generations into lines. */
export function createSums() {
  const sums = new Map<string, { readonly forDay: string; readonly dimensions: UsageDimensions; counts: UsageCounts }>();
  return {
    add({ forDay, dimensions, change }: Told): void {
      const key = lineKey(forDay, dimensions);
      const sum = sums.get(key) ?? { forDay, dimensions, counts: NOTHING };
      sums.set(key, { ...sum, counts: combined(sum.counts, change, 1) });
    },
    lines: (day: string): readonly UsageLine[] =>
      [...sums.entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { forDay: for_day, dimensions, counts }]) => ({ day, for_day, ...dimensions, counts })),
  };
}

async function markTold(tx: Queryable, told: PreparedDay['told']): Promise<void> {
  const rows = told.map((one) => ({ generation_id: one.generationId, for_day: one.forDay, counts: one.counts, is_running: one.isRunning }));
  await tx.query({
    text: `insert into usage_counted (generation_id, for_day, counts, is_running)
           select generation_id, for_day, counts, is_running
           from jsonb_to_recordset($1::jsonb) as x(generation_id text, for_day date, counts jsonb, is_running boolean)
           on conflict (generation_id) do update set counts = excluded.counts, is_running = excluded.is_running`,
    values: [JSON.stringify(rows)],
  });
}

async function writeLines(tx: Queryable, day: string, lines: readonly UsageLine[]): Promise<void> {
  await tx.query({
    text: `insert into usage_lines (day, seq, for_day, application, surface, key_id, model, operation, size, quality, counts)
           select $1, seq, for_day, application, surface, key_id, model, operation, size, quality, counts
           from jsonb_to_recordset($2::jsonb) as x(seq int, for_day date, application text, surface text, key_id text, model text, operation text,
             size text, quality text, counts jsonb)`,
    values: [day, JSON.stringify(lines.map((line, at) => ({ ...line, seq: at + 1 })))],
  });
}
