import { z } from 'zod';
import type { Outcome } from '../../contracts/stages.ts';
import type { Operation } from '../../contracts/submission.ts';
import { outcomeSchema } from '../../generations/outcome-schema.ts';
import type { Queryable } from '../../storage/database.ts';
import { combined, DIMENSIONS, isNothing, NOTHING, type UsageCounts, type UsageDimensions, usageCounts } from './usage-line.ts';

/** What a priced request is known by, long after it was sealed. */
interface Priced {
  readonly model: string;
  readonly operation: Operation;
  readonly n: number;
  readonly parameters: { readonly size: string; readonly quality: string };
}

export interface GatherParts {
  /** Units of cost; null where a person refused it: it costs what it did while it was held. */
  readonly costOf: (request: Priced, outcome: Outcome) => number | null;
  readonly chargeReviews: boolean;
}

/** What of one generation was not told yet. */
export interface Told {
  readonly generationId: string;
  readonly forDay: string;
  readonly dimensions: UsageDimensions;
  /** All of it as it is now, and the part that is new. */
  readonly counts: UsageCounts;
  readonly change: UsageCounts;
  readonly isRunning: boolean;
}

const row = z.object({
  id: z.string(),
  for_day: z.iso.date(),
  application: z.string(),
  surface: z.string(),
  key_id: z.string(),
  model: z.string(),
  operation: z.enum(['generate', 'edit', 'variation']),
  size: z.string(),
  quality: z.string(),
  images: z.number(),
  state: z.string(),
  answer: outcomeSchema.nullable(),
  held_answer: outcomeSchema.nullable(),
  pictures: z.coerce.number(),
  held: z.boolean(),
  released: z.boolean(),
  reviews: z.coerce.number(),
  counted: usageCounts.nullable(),
});
type Row = z.output<typeof row>;

const PAGE = 2_000;

/**
 * All that came in the span, and of what came before it whatever ended, was reviewed or still ran since: each branch by an index. What of them was told before is
 * taken off, so a wide net counts nothing twice.
 */
const TOUCHED = `
select id from generations where created_at >= $1 and created_at < $2
union select id from generations where finished_at >= $3 and created_at < $2
union select generation_id from usage_counted where is_running
union select c.generation_id from case_decisions d join cases c on c.id = d.case_id where d.decided_at >= $3 and c.kind = 'generation'
order by 1`;

const FACTS = `
select g.id, to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD') as for_day, g.application, g.surface, g.key_id, g.model, g.operation,
  coalesce(g.size, 'auto') as size, coalesce(g.quality, 'auto') as quality, coalesce(g.images, 1) as images, g.state, g.answer,
  (select c.held_answer from cases c where c.generation_id = g.id and c.kind = 'generation' and c.replays is null and c.held_answer is not null
    order by c.opened_at desc limit 1) as held_answer,
  (select count(*) from artifacts a where a.generation_id = g.id and a.kind = 'final' and a.published_at is not null) as pictures,
  exists (select 1 from cases c where c.generation_id = g.id and c.kind = 'generation' and c.replays is null) as held,
  exists (select 1 from cases c where c.generation_id = g.id and c.kind = 'generation' and c.replays is null and c.state = 'released'
    and c.settles_at is null) as released,
  (select count(*) from case_decisions d join cases c on c.id = d.case_id where c.generation_id = g.id and c.kind = 'generation'
    and c.replays is null and d.by <> 'timer' and d.undone_at is null) as reviews,
  u.counts as counted
from generations g left join usage_counted u on u.generation_id = g.id
where g.id = any ($1::text[]) and g.created_at < $2
order by g.id`;

export interface Span {
  /** Requests that came from then on … */
  readonly from: Date;
  /** … until then; and of those that came before: */
  readonly before: Date;
  /** what changed since then. */
  readonly changedSince: Date;
}

/** What happened and was not told yet, a share at a time. */
export async function* gatherUsage(
  db: Queryable,
  { from, before, changedSince }: Span,
  parts: GatherParts,
): AsyncGenerator<readonly Told[]> {
  const { rows: touched } = await db.query<{ id: string }>({ text: TOUCHED, values: [from, before, changedSince] });
  for (let at = 0; at < touched.length; at += PAGE) {
    const ids = touched.slice(at, at + PAGE).map(({ id }) => id);
    const { rows } = await db.query({ text: FACTS, values: [ids, before] });
    yield rows.map((one) => toldOf(row.parse(one), parts)).filter(({ change }) => !isNothing(change));
  }
}

function toldOf(found: Row, parts: GatherParts): Told {
  const counts = countsOf(found, parts);
  const { id: generationId, for_day: forDay } = found;
  const { application, surface, key_id, model, operation, size, quality } = found;
  const dimensions = { application, surface, key_id, model, operation, size, quality };
  return {
    generationId,
    forDay,
    dimensions,
    counts,
    change: combined(counts, found.counted ?? NOTHING, -1),
    isRunning: found.state === 'running',
  };
}

function countsOf(found: Row, { costOf, chargeReviews }: GatherParts): UsageCounts {
  const { state, pictures, held, released, reviews } = found;
  return {
    requests: 1,
    pictures,
    refused: Number(state === 'refused'),
    held: Number(held),
    released: Number(released),
    failed: Number(state === 'failed' || state === 'interrupted'),
    reviews,
    reviews_charged: chargeReviews ? reviews : 0,
    cost_units: costUnits(found, costOf),
  };
}

function costUnits({ model, operation, images: n, size, quality, answer, held_answer }: Row, costOf: GatherParts['costOf']): number {
  const request = { model, operation, n, parameters: { size, quality } };
  const units = answer === null ? 0 : costOf(request, answer);
  return units ?? (held_answer === null ? 0 : (costOf(request, held_answer) ?? 0));
}

/** A key that lines of the same kind share, and by which they are sorted. */
export function lineKey(forDay: string, dimensions: UsageDimensions): string {
  return [forDay, ...DIMENSIONS.map((name) => dimensions[name])].join('\0');
}
