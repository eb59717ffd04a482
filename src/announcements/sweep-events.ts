import { z } from 'zod';
import { jobKind } from '../jobs/job-kind.ts';
import { enqueue } from '../jobs/job-store.ts';
import type { Database } from '../storage/database.ts';

const SWEEP_QUEUE = 'sweep-events';
const HOUR_MS = 3_600_000;
const AT_ONCE = 2_000;

/** One job for all processes, which comes again each hour. */
export async function scheduleSweep(db: Database): Promise<void> {
  await enqueue(db, [{ queue: SWEEP_QUEUE, uniqueKey: 'only', payload: {} }]);
}

/** Forgets events a month after they happened, dead letters included, and alerts that nobody raised for as long. A share at a time. */
export function sweepEvents() {
  return jobKind({
    queue: SWEEP_QUEUE,
    payload: z.object({}),
    concurrency: 1,
    deadlineMs: 60_000,
    maxAttempts: 1_000,
    work: async () => async (tx) => {
      const { rowCount } = await tx.query({
        text: `delete from events where id in (
                 select id from events v where occurred_at < clock_timestamp() - interval '30 days'
                   and not exists (select 1 from webhook_deliveries d where d.event_id = v.id and d.state = 'pending')
                 order by occurred_at limit ${AT_ONCE})`,
      });
      await tx.query({ text: "delete from alerts where raised_at < clock_timestamp() - interval '30 days'" });
      return { kind: 'again', at: new Date(Date.now() + (rowCount === AT_ONCE ? 1_000 : HOUR_MS)) };
    },
  });
}
