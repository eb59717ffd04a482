import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import { IN_FORCE } from '../standing/measure.ts';

/** One turn's wishes on one count. */
export interface Ask {
  /** UUID. */
  readonly subject: string;
  /** Id of the limit. */
  readonly rule: string;
  /** Digests of users: while one of them is limited by a person's decision, the limit is a quarter of what it says. */
  readonly tightenedBy: readonly string[];
  /** Wished in all, and the least of the wishes: when not all fit, what is there is given for the first that do. */
  readonly need: number;
  readonly least: number;
  /** Wished on top, for those who come next. */
  readonly extra: number;
  /** What was given before and is not used. */
  readonly back: { readonly end: number; readonly amount: number } | null;
}

/** What the database said. Times in milliseconds, as durations of its own clock. */
export interface Answer {
  readonly given: number;
  readonly used: number;
  readonly limit: number;
  /** Names the part of the window in which it was given: µs since 1970. */
  readonly end: number;
  /** Until that part is over. */
  readonly validMs: number;
  /** Until the least wish would fit; null: never, it asks for more than the limit. */
  readonly retryMs: number | null;
  /** Until all is unused again. */
  readonly resetMs: number;
  /** For the first time in this window so much is used that somebody wants to know. */
  readonly warns: boolean;
}

/** Of a limit, for users who are limited by a person's decision. */
const TIGHTENED_PERMILLE = 250;

/**
 * Grants, for many counts: part of the statement of the door, which gives `claims_first` and the parameters. The rule is read by the statement itself: a
 * limit that was changed holds at once for whatever any process asks from then on; so is whether it is tightened. Rows are locked in the order of their
 * ids, so statements wait for each other and never in a circle.
 */
export const TAKEN_FROM_COUNTERS = `
  insert into limit_counters as c (subject, rule, ask, state, touched_at)
  select subject, rule, ask, imprimatur_limit_take('{}', ask), clock_timestamp()
  from (
    select a.subject, a.rule, array[$1::bigint, x.cap, r.window_us, r.parts, a.need, a.least, a.extra, a.back_end, a.back, x.cap * r.warn_permille / 1000] as ask
    from claims_first, unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
      as a (subject, rule, tightened_by, need, least, extra, back_end, back)
    join limits r on r.id = a.rule, lateral (select case when a.tightened_by <> '' and exists (select 1 from user_measures
        where user_digest = any (string_to_array(a.tightened_by, ' ')) and action = 'limit' and ${IN_FORCE})
      then greatest(1, r.cap * ${TIGHTENED_PERMILLE} / 1000) else r.cap end as cap) x
    order by a.subject
  ) asked
  on conflict (subject) do update set state = imprimatur_limit_take(c.state, excluded.ask), touched_at = excluded.touched_at
  returning subject, state[1:9] as s`;

/** What stands there, untouched. */
const LOOK = `
select x.subject || ',' || array_to_string((imprimatur_limit_take(coalesce(c.state, '{}'),
    array[$1::bigint, r.cap, r.window_us, r.parts, 0, 0, 0, 0, 0, 0]))[1:9], ',') as answers
from (select $2::uuid as subject, $3::text as rule) x join limits r on r.id = x.rule left join limit_counters c on c.subject = x.subject`;

const row = z.object({ answers: z.string() });

export async function look(db: Queryable, about: { subject: string; rule: string }, clockUs = 0): Promise<Answer | null> {
  const { rows } = await db.query({ name: 'limit-look', text: LOOK, values: [clockUs, about.subject, about.rule] });
  return rows[0] === undefined ? null : (readAnswers(row.parse(rows[0]).answers).get(about.subject) ?? null);
}

/** What each count gives. Plain text, because parsing arrays of bigints as the driver does costs more than the statement. */
export function readAnswers(text: string): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  if (text === '') return answers;
  for (const line of text.split(';')) {
    const [subject = '', given, used, end, retryUs, resetUs, , warns, validUs, limit] = line.split(',');
    answers.set(subject, {
      given: Number(given),
      used: Number(used),
      limit: Number(limit),
      end: Number(end),
      validMs: Number(validUs) / 1_000,
      retryMs: Number(retryUs) < 0 ? null : Math.ceil(Number(retryUs) / 1_000),
      resetMs: Math.max(0, Math.ceil(Number(resetUs) / 1_000)),
      warns: warns === '1',
    });
  }
  return answers;
}

/** Forgets counts that no window reaches any more, and charges that nobody will settle. */
export async function sweepCounters(db: Queryable): Promise<void> {
  await db.query({
    text: `delete from limit_counters c where touched_at < clock_timestamp() - interval '1 hour'
             and touched_at < clock_timestamp() - coalesce((select case when r.window_us = 0 then interval '32 days' else r.window_us * interval '2 microseconds' end
               from limits r where r.id = c.rule), interval '32 days')`,
  });
  await db.query({ text: `delete from limit_charges where charged_at < clock_timestamp() - interval '400 days'` });
}
