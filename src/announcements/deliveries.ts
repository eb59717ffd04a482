import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { enqueue } from '../jobs/job-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { WEBHOOK_QUEUE } from './deliver-webhooks.ts';

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const deliveryRow = z.object({
  id: z.string(),
  event_id: z.string(),
  endpoint_id: z.string(),
  type: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  last_status: z.number().nullable(),
  last_error: z.string().nullable(),
  occurred_at: z.date(),
  ended_at: z.date().nullable(),
});
export type DeliveryFacts = z.output<typeof deliveryRow>;

const SELECT = `select d.id, d.event_id, d.endpoint_id, v.type, d.state, d.attempts, d.last_status, d.last_error, v.occurred_at, d.ended_at
  from webhook_deliveries d join events v on v.id = d.event_id`;

/** Of one endpoint, newest first. */
export async function listDeliveries(
  db: Queryable,
  wish: { readonly endpoint: string; readonly state: DeliveryState | null; readonly limit: number },
): Promise<readonly DeliveryFacts[]> {
  const { rows } = await db.query({
    text: `${SELECT} where d.endpoint_id = $1 and ($2::text is null or d.state = $2) order by d.created_at desc, d.id limit $3`,
    values: [wish.endpoint, wish.state, wish.limit],
  });
  return rows.map((row) => deliveryRow.parse(row));
}

/** Which deliveries to bring once more: one, whatever became of it, or the dead letters of an endpoint since a time, 1,000 at most. */
export type ReplayWish = { readonly delivery: string } | { readonly endpoint: string; readonly since: Date };

/**
 * Tries again from the first attempt on, with the same event id, so that a receiver that took it before knows it.
 * @returns how many
 * @throws ImprimaturError NOT_FOUND when one was asked for and there is none
 */
export function replay(
  wish: ReplayWish,
  by: string,
  { db, journal }: { db: Database; journal: Pick<Journal, 'recordIn'> },
): Promise<number> {
  return db.transaction(async (tx) => {
    const ids = await chosen(tx, wish);
    if (ids.length === 0 && 'delivery' in wish) throw new ImprimaturError('NOT_FOUND');
    if (ids.length === 0) return 0;
    await tx.query({
      text: "update webhook_deliveries set state = 'pending', attempts = 0, ended_at = null where id = any($1)",
      values: [ids],
    });
    await enqueue(
      tx,
      ids.map((id) => ({ queue: WEBHOOK_QUEUE, uniqueKey: id, payload: { delivery: id } })),
    );
    const what = 'delivery' in wish ? { delivery: wish.delivery } : { endpoint: wish.endpoint, since: wish.since.toISOString() };
    await journal.recordIn(tx, {}, [{ kind: 'webhook.replayed', ...what, count: ids.length, by: `operator:${by}` }]);
    return ids.length;
  });
}

async function chosen(tx: Queryable, wish: ReplayWish): Promise<string[]> {
  const { rows } =
    'delivery' in wish
      ? await tx.query<{ id: string }>({ text: 'select id from webhook_deliveries where id = $1 for update', values: [wish.delivery] })
      : await tx.query<{ id: string }>({
          text: `select d.id from webhook_deliveries d join events v on v.id = d.event_id
                 where d.endpoint_id = $1 and d.state = 'dead' and v.occurred_at >= $2 order by v.occurred_at, d.id limit 1000 for update of d`,
          values: [wish.endpoint, wish.since],
        });
  return rows.map(({ id }) => id);
}
