import { z } from 'zod';
import { type Id, newId } from '../contracts/ids.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { Afterwards } from './job-kind.ts';

export interface NewJob {
  readonly queue: string;
  /** Ids and codes only. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Now when left out. */
  readonly runAt?: Date;
  /** While a job of this queue and key waits or runs, another one is not made. */
  readonly uniqueKey?: string;
}

export interface ClaimedJob {
  readonly id: string;
  readonly queue: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly token: string;
}

const claimed = z.object({ id: z.string(), queue: z.string(), payload: z.unknown(), attempts: z.number(), token: z.string() });
const waiting = z.object({ in_ms: z.coerce.number().nullable() });

/** Durable when the transaction of the caller commits. */
export async function enqueue(tx: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const rows = jobs.map(({ queue, payload, runAt, uniqueKey }) => ({
    id: newId('job') satisfies Id<'job'>,
    queue,
    payload,
    unique_key: uniqueKey ?? null,
    run_at: runAt?.toISOString() ?? null,
  }));
  await tx.query({
    name: 'jobs-enqueue',
    text: `insert into jobs (id, queue, unique_key, payload, run_at)
           select id, queue, unique_key, payload, coalesce(run_at, clock_timestamp())
           from jsonb_to_recordset($1::jsonb) as x(id text, queue text, unique_key text, payload jsonb, run_at timestamptz)
           on conflict do nothing`,
    values: [JSON.stringify(rows)],
  });
}

/**
 * Takes jobs away; one at work loses its lease, so its effect does not happen. One whose effect is being committed this moment is passed over: to wait
 * for it would deadlock with an effect that waits for us, and such an effect finds what we changed.
 */
export async function cancelJobs(tx: Queryable, queue: string, uniqueKeys: readonly string[]): Promise<void> {
  await tx.query({
    name: 'jobs-cancel',
    text: `delete from jobs where id in (
             select id from jobs where queue = $1 and unique_key = any($2) and state = 'ready' order by id for update skip locked)`,
    values: [queue, [...uniqueKeys]],
  });
}

/**
 * Leases what is due, at most `free` of each queue. While a lease lasts the job is not due; when its holder dies it becomes due again. The attempt
 * counts from the claim on, so that a job that kills its process dies in the end too.
 */
export async function claimJobs(
  db: Queryable,
  free: ReadonlyMap<string, { readonly limit: number; readonly leaseMs: number }>,
): Promise<readonly ClaimedJob[]> {
  const queues = [...free].filter(([, { limit }]) => limit > 0);
  if (queues.length === 0) return [];
  const { rows } = await db.query({
    name: 'jobs-claim',
    text: `with due as (
             select j.id, q.lease_ms from unnest($1::text[], $2::int[], $3::int[]) as q(queue, max_jobs, lease_ms)
             cross join lateral (
               select id from jobs where state = 'ready' and queue = q.queue and run_at <= clock_timestamp()
               order by run_at, id limit q.max_jobs for update skip locked
             ) j
           )
           update jobs j set attempts = j.attempts + 1, lease_token = gen_random_uuid()::text,
             run_at = clock_timestamp() + due.lease_ms * interval '1 millisecond'
           from due where j.id = due.id
           returning j.id, j.queue, j.payload, j.attempts, j.lease_token as token`,
    values: [queues.map(([queue]) => queue), queues.map(([, { limit }]) => limit), queues.map(([, { leaseMs }]) => leaseMs)],
  });
  return rows.map((row) => claimed.parse(row));
}

/** Locks the job for the transaction; false when somebody else took it over or it was cancelled. */
export async function stillHolds(tx: Queryable, { id, token }: ClaimedJob): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'jobs-still-holds',
    text: "select 1 from jobs where id = $1 and lease_token = $2 and state = 'ready' for update",
    values: [id, token],
  });
  return rowCount === 1;
}

/** Ends a job that `stillHolds`. */
export async function endJob(tx: Queryable, { id }: ClaimedJob, after: Afterwards): Promise<void> {
  if (after.kind === 'done') await tx.query({ name: 'jobs-done', text: 'delete from jobs where id = $1', values: [id] });
  else if (after.kind === 'dead') await bury(tx, id, after.reason);
  else {
    await tx.query({
      name: 'jobs-again',
      text: 'update jobs set run_at = $2, attempts = 0, lease_token = null, last_error = null where id = $1',
      values: [id, after.at],
    });
  }
}

/** After a failure, by whoever still holds the lease: later again, or never when it failed too often. */
export async function failJob(
  db: Database,
  job: ClaimedJob,
  how: { readonly error: string; readonly retryInMs: number | null },
): Promise<void> {
  await db.query({
    text: `update jobs set last_error = $3, lease_token = null, state = case when $4::int is null then 'dead' else 'ready' end,
             run_at = clock_timestamp() + coalesce($4::int, 0) * interval '1 millisecond'
           where id = $1 and lease_token = $2 and state = 'ready'`,
    values: [job.id, job.token, how.error.slice(0, 500), how.retryInMs],
  });
}

/** Gives a job back that was not finished, as if it had never been claimed. */
export async function returnJob(db: Database, { id, token }: ClaimedJob): Promise<void> {
  await db.query({
    text: `update jobs set lease_token = null, attempts = attempts - 1, run_at = clock_timestamp()
           where id = $1 and lease_token = $2 and state = 'ready'`,
    values: [id, token],
  });
}

/** Milliseconds until the next job of these queues is due; null when none waits. */
export async function untilNext(db: Queryable, queues: readonly string[]): Promise<number | null> {
  const { rows } = await db.query({
    name: 'jobs-until-next',
    text: `select extract(epoch from min(j.run_at) - clock_timestamp()) * 1000 as in_ms
           from unnest($1::text[]) as q(queue)
           cross join lateral (select run_at from jobs where state = 'ready' and queue = q.queue order by run_at, id limit 1) j`,
    values: [[...queues]],
  });
  return waiting.parse(rows[0]).in_ms;
}

async function bury(tx: Queryable, id: string, reason: string): Promise<void> {
  await tx.query({
    text: "update jobs set state = 'dead', lease_token = null, last_error = $2 where id = $1",
    values: [id, reason.slice(0, 500)],
  });
}
