import { z } from 'zod';
import type { StaffId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';
import type { Queue } from './queues.ts';

/** How a queue stands. */
export interface QueueCount {
  /** Nobody works on them. */
  readonly pending: number;
  /** The asker does. */
  readonly mine: number;
  readonly oldestAt: Date | null;
  readonly firstDueAt: Date | null;
}

const row = z.object({
  queue: z.string(),
  open: z.coerce.number(),
  held: z.coerce.number(),
  mine: z.coerce.number(),
  oldest_at: z.date().nullable(),
  first_due_at: z.date().nullable(),
});

/** By queue. Only the queues that are given are counted. */
export async function countQueues(db: Queryable, queues: readonly Queue[], staff: StaffId): Promise<ReadonlyMap<string, QueueCount>> {
  const { rows } = await db.query({
    name: 'count-queues',
    // What is held is few, and counted from the leases; the rest is read from the index alone.
    text: `select w.queue, w.open, coalesce(h.held, 0) as held, coalesce(h.mine, 0) as mine, w.oldest_at, w.first_due_at
           from (select queue, count(*) as open, min(opened_at) as oldest_at, min(first_due_at) as first_due_at
                 from cases where queue = any ($1::text[]) and state in ('open', 'escalated') group by queue) w
           left join (select c.queue, count(*) as held, count(*) filter (where c.lease_holder = $2) as mine
                      from case_leases l join cases c on c.lease_id = l.id and c.id = l.case_id
                      where l.ended_at is null and c.lease_until > clock_timestamp() and c.state in ('open', 'escalated') group by c.queue) h using (queue)`,
    values: [queues.map(({ id }) => id), staff],
  });
  return new Map(
    rows.map((one) => {
      const { queue, open, held, mine, oldest_at: oldestAt, first_due_at: firstDueAt } = row.parse(one);
      return [queue, { pending: open - held, mine, oldestAt, firstDueAt }];
    }),
  );
}
