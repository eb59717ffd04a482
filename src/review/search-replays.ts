import { z } from 'zod';
import { rolesAllow } from '../access/permissions.ts';
import type { Found, SearchParts } from './found.ts';
import { shiftId } from './quality/disguise.ts';
import { visibleQueues } from './sight.ts';

/** Older ones are closed, and nobody who was shown one remembers its ids. */
const DAYS = 30;
const MOST = 50;
/** The end of an id, which a disguise leaves as it is. */
const RANDOM_CHARS = 16;

const row = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  queue: z.string(),
  opened_at: z.date(),
  original_at: z.date(),
  generation_id: z.string(),
  surface: z.string(),
  model: z.string(),
  created_at: z.date(),
  decision_id: z.string().nullable(),
  artifacts: z.array(z.object({ id: z.string(), created_at: z.coerce.date() })),
});
type Row = z.output<typeof row>;

const REPLAYS = `
select c.id, c.kind, c.state, c.queue, c.opened_at, o.opened_at as original_at, g.id as generation_id, g.surface, g.model, g.created_at, c.decision_id,
  coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'created_at', a.created_at) order by a.id)
    from artifacts a where a.generation_id = g.id and a.kind = 'final'), '[]') as artifacts
from cases c join cases o on o.id = c.replays join generations g on g.id = c.generation_id
where c.replays is not null and c.queue = any ($1::text[]) and c.opened_at > clock_timestamp() - interval '${DAYS} days'
  and ($2 or not exists (select 1 from cases k where k.generation_id = g.id and k.restricted))
  and (c.id = $3 or right($3, ${RANDOM_CHARS}) in (select right(id, ${RANDOM_CHARS}) from unnest(array[g.id, c.decision_id]) id
    union all select right(a.id, ${RANDOM_CHARS}) from artifacts a where a.generation_id = g.id and a.kind = 'final'))
order by c.opened_at desc limit ${MOST}`;

/** What its generation would be, had this been the first time. */
const STATE: Readonly<Record<string, string>> = { released: 'published', blocked: 'refused', closed: 'refused' };

/**
 * A case that replays another one, found by its own id or by an id that was shown with it: by its own times, and without the original and its answer. Null where
 * the id belongs to none. The same statement runs for every search, so that time tells nothing.
 */
export async function searchReplays(query: string, { db, staff, queues }: SearchParts): Promise<Found | null> {
  const visible = visibleQueues(staff, queues).map(({ id }) => id);
  const { rows } = await db.query({
    name: 'search-replays',
    text: REPLAYS,
    values: [visible, rolesAllow(staff.roles, 'cases.restricted'), query],
  });
  const found = rows.map((one) => row.parse(one)).find((one) => shownIds(one).includes(query));
  return found === undefined ? null : disguised(found);
}

const shiftOf = ({ opened_at, original_at }: Row) => opened_at.getTime() - original_at.getTime();

function shownIds(replay: Row): readonly string[] {
  const { id, generation_id, decision_id, artifacts } = replay;
  return [id, ...[generation_id, decision_id, ...artifacts.map((one) => one.id)].map((one) => String(shiftId(one, shiftOf(replay))))];
}

function disguised(replay: Row): Found {
  const { id, kind, state, queue, opened_at, surface, model } = replay;
  const shift = shiftOf(replay);
  const later = (at: Date) => new Date(at.getTime() + shift);
  const generation = String(shiftId(replay.generation_id, shift));
  return {
    generations: [{ id: generation, surface, model, state: STATE[state] ?? 'held', created_at: later(replay.created_at) }],
    artifacts: replay.artifacts.map((one) => ({
      id: String(shiftId(one.id, shift)),
      generation_id: generation,
      created_at: later(one.created_at),
      taken_down: false,
    })),
    cases: [{ id, kind, state, queue, opened_at }],
  };
}
