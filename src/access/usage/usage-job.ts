import { z } from 'zod';
import { jobKind } from '../../jobs/job-kind.ts';
import { enqueue } from '../../jobs/job-store.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { closeDay, DAY_MS, nextDay, prepareDay } from './close-day.ts';
import type { GatherParts } from './gather-usage.ts';

const QUEUE = 'usage-days';
const LOOK_EVERY_MS = 600_000;
/** After an outage, or an upgrade, many days are due: of each it takes a fifth of the time at most, since others use the database, too. */
const REST_PER_WORK = 4;
const LEAST_REST_MS = 2_000;

interface JobParts extends GatherParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly closeAfterMinutes: number;
}

/** One job for all processes, which comes again and again. */
export async function scheduleUsage(db: Database): Promise<void> {
  await enqueue(db, [{ queue: QUEUE, uniqueKey: 'only', payload: {} }]);
}

/** Closes each day once it is over and a while has passed; after an outage one day after the other. */
export function closeUsageDays({ db, journal, closeAfterMinutes, ...parts }: JobParts) {
  return jobKind({
    queue: QUEUE,
    payload: z.object({}),
    concurrency: 1,
    deadlineMs: 600_000,
    maxAttempts: 1_000_000,
    work: async () => {
      const at = new Date();
      const day = await nextDay(db);
      const isOver = day !== null && at.getTime() >= Date.parse(day) + DAY_MS + closeAfterMinutes * 60_000;
      const prepared = day !== null && isOver ? await prepareDay(db, { day, at }, parts) : null;
      return async (tx) => {
        if (prepared !== null) await closeDay(tx, prepared, journal);
        const restMs = Math.max(LEAST_REST_MS, (Date.now() - at.getTime()) * REST_PER_WORK);
        return { kind: 'again', at: new Date(Date.now() + (isOver ? restMs : LOOK_EVERY_MS)) };
      };
    },
  });
}
