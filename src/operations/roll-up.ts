import { z } from 'zod';
import type { Database, Queryable } from '../storage/database.ts';
import { SLOS, type Slo } from './slos.ts';

/** Any number that no other part locks: "operates" as eight ASCII bytes. */
const LOCK = 0x6f_70_65_72_61_74_65_73n;

/** Half-open, both on whole minutes. */
interface Stretch {
  readonly from: Date;
  readonly to: Date;
}

/** Each source gives measure, time and value of single events between $1 and $2; they are counted by minute. */
const SOURCES: readonly string[] = [
  "select 'surfaces' as measure, created_at as at, surface as value from generations where created_at >= $1 and created_at < $2",
  `select 'outcomes', finished_at, state from generations where finished_at >= $1 and finished_at < $2`,
  `select 'decisions', decided_at, action from decisions where decided_at >= $1 and decided_at < $2 and stage in ('prompt', 'output')`,
  `select 'categories', d.decided_at, c.value from decisions d, jsonb_array_elements_text(coalesce(d.body -> 'categories', '[]')) c
     where d.decided_at >= $1 and d.decided_at < $2 and d.stage in ('prompt', 'output') and d.action in ('hold', 'block')`,
  `select case stage when 'prompt' then 'prompts' else 'scores' end, decided_at, ${riskBin('d')} from decisions d
     where decided_at >= $1 and decided_at < $2 and stage in ('prompt', 'output')`,
  `select 'reviews', closed_at, state from cases where closed_at >= $1 and closed_at < $2 and replays is null and state in ('released', 'blocked')`,
];

/** The strongest risk of a decision with its fifth of the scale, such as `hate:0.6`; `none` below 0.1. The same text finds examples. */
export function riskBin(decision: string): string {
  return `coalesce((
    select (x ->> 'category') || ':' || to_char(floor(least((x ->> 'risk')::float8, 0.999) * 5) / 5, 'FM0.0')
    from jsonb_array_elements(coalesce(${decision}.body #> '{reasoning,risks}', '[]')) x
    where (x ->> 'risk')::float8 >= 0.1 order by (x ->> 'risk')::float8 desc, x ->> 'category' limit 1), 'none')`;
}

const KINDS = { reviews: "kind in ('generation', 'upload')", takedowns: "kind = 'notice'" } as const;
/** Of reports only those count whose picture had to go. */
const ENDED_WELL = { reviews: "state in ('released', 'blocked')", takedowns: "state = 'blocked'" } as const;
const STILL_OWED = { reviews: 'true', takedowns: "(closed_at is null or state = 'blocked')" } as const;

/** Good and bad events of one objective. A hold is timed from the moment when there was something to hold. */
function sloSource({ id, about, withinSeconds }: Slo): string {
  const measure = `'slo.${id}'`;
  const within = `interval '${withinSeconds} seconds'`;
  if (about === 'holds') {
    return `select ${measure}, d.decided_at, case when d.decided_at <= coalesce(
        (select max(a.created_at) from artifacts a where d.stage = 'output' and a.generation_id = d.generation_id and a.created_at <= d.decided_at),
        g.created_at) + ${within} then 'good' else 'bad' end
      from decisions d join generations g on g.id = d.generation_id
      where d.decided_at >= $1 and d.decided_at < $2 and d.stage in ('prompt', 'output') and d.action in ('hold', 'block')`;
  }
  return `select ${measure}, closed_at, 'good' from cases
      where closed_at >= $1 and closed_at < $2 and replays is null and ${KINDS[about]} and ${ENDED_WELL[about]} and closed_at <= opened_at + ${within}
    union all
    select ${measure}, opened_at + ${within}, 'bad' from cases
      where opened_at >= $1::timestamptz - ${within} and opened_at < $2::timestamptz - ${within} and replays is null and ${KINDS[about]}
        and ${STILL_OWED[about]} and (closed_at is null or closed_at > opened_at + ${within})`;
}

const COUNT = `
insert into operation_counts (resolution, measure, at, value, n)
select 'minute', measure, date_trunc('minute', at), value, count(*) from (${[...SOURCES, ...SLOS.map(sloSource)].join('\nunion all\n')}) e
group by measure, date_trunc('minute', at), value
on conflict (resolution, measure, at, value) do update set n = excluded.n`;

const HOURS = `
insert into operation_counts (resolution, measure, at, value, n)
select 'hour', measure, date_trunc('hour', at), value, sum(n) from operation_counts
where resolution = 'minute' and at >= date_trunc('hour', $1::timestamptz) and at < date_trunc('hour', $2::timestamptz - interval '1 second') + interval '1 hour'
group by measure, date_trunc('hour', at), value
on conflict (resolution, measure, at, value) do update set n = excluded.n`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After a pause longer than this, what happened meanwhile is counted from here on only. */
const MOST_CATCHING_UP = 24 * HOUR;
/** Kept: a little more than the longest window that is read by the minute, and a year for the rest. */
const KEPT = { minute: '25 hours', hour: '400 days' } as const;

const progress = z.object({ until: z.date().nullable(), first: z.date().nullable() });

/** Counted in one transaction: at a thousand decisions a second some ten seconds. */
const PART = 15 * MINUTE;

/**
 * Counts what happened since the last turn, by the minute and the hour. The last two minutes are counted again at each turn, and each hour once more as a
 * whole when it is five minutes over: a transaction may commit late. Every row is read a few times in its life and never for a board.
 * @returns false when another process is at it
 */
export async function rollUp(db: Database, now: Date = new Date()): Promise<boolean> {
  const { from, to } = await nextStretch(db, now);
  for (let at = from.getTime(); at < to.getTime(); at += PART) {
    const part = { from: new Date(at), to: new Date(Math.min(to.getTime(), at + PART)) };
    if (!(await db.transaction((tx) => countPart(tx, part)))) return false;
  }
  await db.query({
    text: `delete from operation_counts where (resolution = 'minute' and at < $1::timestamptz - interval '${KEPT.minute}')
             or (resolution = 'hour' and at < $1::timestamptz - interval '${KEPT.hour}')`,
    values: [now],
  });
  return true;
}

async function countPart(tx: Queryable, part: Stretch): Promise<boolean> {
  const { rows } = await tx.query<{ held: boolean }>({ text: 'select pg_try_advisory_xact_lock($1) as held', values: [LOCK] });
  if (rows[0]?.held !== true) return false;
  await count(tx, part);
  await tx.query({ text: HOURS, values: [part.from, part.to] });
  return true;
}

async function count(tx: Queryable, { from, to }: Stretch): Promise<void> {
  await tx.query({ text: COUNT, values: [from, to] });
  // A mark even where nothing happened, so that the next turn knows where to go on.
  await tx.query({
    text: `insert into operation_counts (resolution, measure, at, value, n) values ('minute', 'turns', $1, 'counted', 1) on conflict do nothing`,
    values: [new Date(to.getTime() - MINUTE)],
  });
}

async function nextStretch(db: Queryable, now: Date): Promise<Stretch> {
  const to = new Date(Math.ceil((now.getTime() + 1) / MINUTE) * MINUTE);
  const oldest = floorTo(now.getTime() - MOST_CATCHING_UP, HOUR);
  const { rows } = await db.query({
    text: `select (select max(at) from operation_counts where resolution = 'minute' and measure = 'turns') as until,
             least((select min(created_at) from generations where created_at >= $1), (select min(opened_at) from cases)) as first`,
    values: [new Date(oldest)],
  });
  const { until, first } = progress.parse(rows[0]);
  // Nothing can have happened before the first request and the first case.
  const begin = Math.min(to.getTime() - 2 * MINUTE, floorTo(first?.getTime() ?? Number.POSITIVE_INFINITY, HOUR));
  const last = until === null ? begin : until.getTime() - MINUTE;
  // In the sixth minute of an hour the whole hour before is counted anew.
  const hour = floorTo(now.getTime(), HOUR);
  const isAnew = now.getTime() - hour >= 5 * MINUTE && now.getTime() - hour < 6 * MINUTE;
  return { from: new Date(Math.max(oldest, isAnew ? Math.min(last, hour - HOUR) : last)), to };
}

const floorTo = (ms: number, step: number) => Math.floor(ms / step) * step;
