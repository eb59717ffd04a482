import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../storage/database.ts';
import type { JobKind } from './job-kind.ts';
import { type ClaimedJob, claimJobs, endJob, failJob, returnJob, stillHolds, untilNext } from './job-store.ts';

export interface JobRunnerParts {
  readonly db: Database;
  readonly kinds: readonly JobKind[];
  readonly onError: (error: unknown, queue: string) => void;
  /** How long a new job may wait at most while nothing is known to be due. */
  readonly pollMs?: number;
}

export interface JobRunner {
  /** Claims nothing more, waits for what runs (`patienceMs` at most, then it is aborted and given back). */
  stop(patienceMs?: number): Promise<void>;
}

/** Longer than the deadline of the work, so that nobody takes over what may still have an effect. */
const LEASE_GRACE_MS = 30_000;
const MAX_BACKOFF_MS = 300_000;
const MIN_SLEEP_MS = 20;

/** Runs background processes of this process: any number of processes may do so on one database. */
export function startJobs({ db, kinds, onError, pollMs = 500 }: JobRunnerParts): JobRunner {
  const byQueue = new Map(kinds.map((kind) => [kind.queue, kind]));
  const running = new Map<string, Promise<void>>();
  const perQueue = new Map<string, number>();
  const stopping = new AbortController();
  const aborting = new AbortController();
  let woken = new AbortController();

  const start = (job: ClaimedJob, kind: JobKind) => {
    perQueue.set(job.queue, (perQueue.get(job.queue) ?? 0) + 1);
    const done = runJob(job, kind, { db, aborting: aborting.signal, onError }).finally(() => {
      running.delete(job.id);
      perQueue.set(job.queue, (perQueue.get(job.queue) ?? 1) - 1);
      woken.abort();
    });
    running.set(job.id, done);
  };

  const claim = async () => {
    const free = new Map(
      kinds.map(({ queue, concurrency, deadlineMs }) => [
        queue,
        { limit: concurrency - (perQueue.get(queue) ?? 0), leaseMs: deadlineMs + LEASE_GRACE_MS },
      ]),
    );
    const jobs = await claimJobs(db, free);
    for (const job of jobs) {
      const kind = byQueue.get(job.queue);
      if (kind !== undefined) start(job, kind);
    }
    if (jobs.length > 0) return MIN_SLEEP_MS;
    const next = await untilNext(db, [...byQueue.keys()]);
    // What is due although nothing was claimed is held by a full queue or by another process.
    return next === null || next <= 0 ? pollMs : Math.min(pollMs, next);
  };

  const loop = async () => {
    while (!stopping.signal.aborted) {
      woken = new AbortController();
      const pause = await claim().catch((error: unknown) => {
        onError(error, 'jobs');
        return pollMs;
      });
      const signal = AbortSignal.any([stopping.signal, ...(running.size > 0 ? [woken.signal] : [])]);
      await sleep(Math.max(MIN_SLEEP_MS, pause), undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const looping = loop();

  return {
    async stop(patienceMs = 5_000) {
      stopping.abort();
      await looping;
      const all = Promise.all(running.values());
      const isDone = await Promise.race([all.then(() => true), sleep(patienceMs, false, { ref: false })]);
      if (isDone) return;
      aborting.abort();
      await Promise.race([all, sleep(5_000, undefined, { ref: false })]);
    },
  };
}

interface RunParts {
  readonly db: Database;
  readonly aborting: AbortSignal;
  readonly onError: JobRunnerParts['onError'];
}

/** Never throws. */
async function runJob(job: ClaimedJob, kind: JobKind, { db, aborting, onError }: RunParts): Promise<void> {
  try {
    if (job.attempts > kind.maxAttempts) {
      return await failJob(db, job, { error: 'The process ended each time this was tried.', retryInMs: null });
    }
    const signal = AbortSignal.any([aborting, AbortSignal.timeout(kind.deadlineMs)]);
    const effect = await Promise.race([kind.work(job.payload, { id: job.id, attempt: job.attempts, signal }), rejectedBy(signal)]);
    await db.transaction(async (tx) => {
      if (!(await stillHolds(tx, job))) return;
      await endJob(tx, job, await effect(tx));
    });
  } catch (error) {
    if (aborting.aborted) return await returnJob(db, job).catch((failure: unknown) => onError(failure, job.queue));
    onError(error, job.queue);
    const retryInMs = job.attempts >= kind.maxAttempts ? null : (kind.backoffMs ?? doubling)(job.attempts);
    const text = error instanceof Error ? `${error.name}: ${error.message}` : 'not an Error';
    // When this fails too the lease runs out by itself.
    await failJob(db, job, { error: text, retryInMs }).catch((failure: unknown) => onError(failure, job.queue));
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Error(`The work was not done in time: ${String(signal.reason)}`));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function doubling(attempt: number): number {
  return Math.round(Math.min(MAX_BACKOFF_MS, 500 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2));
}
