import { z } from 'zod';
import type { Database } from '../../storage/database.ts';
import { type Forecast, forecastQueue, type QueueState } from './forecast.ts';

const HOUR_MS = 3_600_000;
const HORIZON_MS = 4 * HOUR_MS;
/** Counting 100,000 waiting cases takes 100 ms and more; a screen asks each few seconds. */
const KEEP_MS = 10_000;
/** Of each queue the first so many are looked at; whoever stands behind them is not due within the horizon, or all is lost. */
const MOST_CASES = 20_000;
/** When nobody has decided anything yet in this queue. */
const USUAL_HANDLING_MS = 120_000;

export interface QueueForecast {
  readonly breaches_next_4h: number;
  readonly first_breach_at: string | null;
  readonly people: number;
  readonly handling_seconds: number;
}

const queueRow = z.object({
  queue: z.string(),
  dues: z.array(z.number()),
  in_hand: z.coerce.number(),
  people: z.coerce.number(),
  roster: z.array(z.object({ from_ms: z.number(), n: z.number() })),
  handling_ms: z.coerce.number().nullable(),
  arrivals: z.array(z.object({ n: z.number(), time_ms: z.number() })),
});

/**
 * In one statement: who waits until when, who works (holds a lease, or decided within a quarter of an hour), how long decisions took, what arrived within
 * four hours with how much time, and how many worked in the same hours a week ago; yesterday where nobody did on that day.
 */
const STATE = `
with w as (
  select queue, array_agg(due_ms order by place) as dues from (
    select queue, extract(epoch from first_due_at - clock_timestamp()) * 1000 as due_ms,
      row_number() over (partition by queue order by first_due_at, opened_at, id) as place
    from cases where state in ('open', 'escalated') and (lease_until is null or lease_until <= clock_timestamp())
      and first_due_at < clock_timestamp() + interval '4 hours'
  ) x where place <= ${MOST_CASES} group by queue
), h as (
  select queue, count(*) as in_hand from cases
  where lease_holder is not null and lease_until > clock_timestamp() and state in ('open', 'escalated') group by queue
), p as (
  select c.queue, count(distinct l.holder) as people from case_leases l join cases c on c.id = l.case_id
  where l.claimed_at > clock_timestamp() - interval '4 hours'
    and ((l.ended_at is null and c.lease_until > clock_timestamp()) or (l.how = 'decided' and l.ended_at > clock_timestamp() - interval '15 minutes'))
  group by c.queue
), t as (
  select c.queue, avg(extract(epoch from l.ended_at - l.claimed_at) * 1000) as handling_ms from case_leases l join cases c on c.id = l.case_id
  where l.claimed_at > clock_timestamp() - interval '4 hours' and l.how = 'decided' group by c.queue
), a as (
  select queue, jsonb_agg(jsonb_build_object('n', n, 'time_ms', time_ms)) as arrivals from (
    select c.queue, k.time_ms, count(*) as n from cases c
    join lateral (select min(extract(epoch from promised_at - started_at) * 1000) as time_ms from case_clocks where case_id = c.id) k on true
    where c.state in ('open', 'released', 'blocked', 'escalated', 'closed') and c.opened_at > clock_timestamp() - interval '4 hours'
      and k.time_ms < ${HORIZON_MS}
    group by c.queue, k.time_ms
  ) y group by queue
), past as (
  select c.queue, age.days, date_trunc('hour', l.claimed_at) + age.days * interval '1 day' as hour, count(distinct l.holder) as n
  from (values (7), (1)) as age(days)
  join case_leases l on l.claimed_at >= date_trunc('hour', clock_timestamp()) + (1 - 24 * age.days) * interval '1 hour'
    and l.claimed_at < date_trunc('hour', clock_timestamp()) + (5 - 24 * age.days) * interval '1 hour'
  join cases c on c.id = l.case_id
  group by c.queue, age.days, hour
), r as (
  select p.queue, jsonb_agg(jsonb_build_object('from_ms', extract(epoch from p.hour - clock_timestamp()) * 1000, 'n', p.n) order by p.hour) as roster
  from past p where p.days = (select max(days) from past q where q.queue = p.queue) group by p.queue
)
select w.queue, w.dues::float8[] as dues, coalesce(h.in_hand, 0) as in_hand, coalesce(p.people, 0) as people, t.handling_ms, coalesce(a.arrivals, '[]') as arrivals,
  coalesce(r.roster, '[]') as roster
from w left join h using (queue) left join p using (queue) left join t using (queue) left join a using (queue) left join r using (queue)`;

/** The forecast of every queue in which something is due within four hours, at most ten seconds old. Whoever shows it hides the queues that its reader may not see. */
export function createQueueForecasts(db: Database): () => Promise<ReadonlyMap<string, QueueForecast>> {
  let kept: { readonly at: number; readonly value: Promise<ReadonlyMap<string, QueueForecast>> } | null = null;
  return () => {
    if (kept !== null && Date.now() - kept.at < KEEP_MS) return kept.value;
    const value = forecastAll(db);
    kept = { at: Date.now(), value };
    value.catch(() => {
      kept = null;
    });
    return value;
  };
}

async function forecastAll(db: Database): Promise<ReadonlyMap<string, QueueForecast>> {
  const now = Date.now();
  const { rows } = await db.query({ text: STATE });
  return new Map(
    rows.map((row) => {
      const found = queueRow.parse(row);
      const state = stateOf(found);
      return [found.queue, show(forecastQueue(state, HORIZON_MS), state, now)];
    }),
  );
}

function stateOf({ dues, in_hand, people, roster, handling_ms, arrivals }: z.output<typeof queueRow>): QueueState {
  return {
    dues,
    inHand: in_hand,
    people: [{ fromMs: 0, count: people }, ...hoursToCome(roster)],
    handlingMs: Math.max(1_000, handling_ms ?? USUAL_HANDLING_MS),
    arrivals: arrivals.map(({ n, time_ms }) => ({ perMs: n / HORIZON_MS, timeMs: time_ms })),
  };
}

/** Hours of the roster in which nobody worked are not in it, so each that is there says when it ends. */
function hoursToCome(roster: readonly { readonly from_ms: number; readonly n: number }[]): QueueState['people'] {
  const hours = new Map(roster.map(({ from_ms, n }) => [Math.round(from_ms / 60_000), n]));
  const first = roster[0];
  if (first === undefined) return [];
  const start = firstHourOf(first.from_ms);
  return [0, 1, 2, 3].map((hour) => ({
    fromMs: start + hour * HOUR_MS,
    count: hours.get(Math.round((start + hour * HOUR_MS) / 60_000)) ?? 0,
  }));
}

/** The first full hour to come, on the grid of the roster's hours. */
function firstHourOf(fromMs: number): number {
  return ((fromMs % HOUR_MS) + HOUR_MS) % HOUR_MS;
}

function show({ breaches, firstBreachMs }: Forecast, { people, handlingMs }: QueueState, now: number): QueueForecast {
  return {
    breaches_next_4h: breaches,
    first_breach_at: firstBreachMs === null ? null : new Date(now + firstBreachMs).toISOString(),
    people: people[0]?.count ?? 0,
    handling_seconds: Math.round(handlingMs / 1_000),
  };
}
