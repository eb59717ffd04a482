import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { DELIVERY_STATES, type DeliveryFacts, listDeliveries, replay } from '../../announcements/deliveries.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Webhooks';
const params = z.object({ id: z.string().max(64) });
const nothing = z.object({}).nullish();
const replayBody = z
  .strictObject({ since: z.coerce.date().default(new Date(0)) })
  .prefault({})
  .describe('Dead letters of events since this time.');

const delivery = z
  .object({
    object: z.literal('webhook_delivery'),
    id: z.string(),
    event: z.string(),
    type: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.number(),
    last_status: z.number().nullable(),
    last_error: z.string().nullable(),
    occurred_at: timeAnswer,
    ended_at: timeAnswer.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
const replayed = z.object({ object: z.literal('replay'), count: z.number() });

/** What became of events that endpoints should hear of. */
export function webhookDeliveriesRoutes({ db, journal, announcements }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { endpoints } = announcements;
  const about = { tag, params, onRequest: permitted(authenticate, 'settings.write') } as const;

  return async (app) => {
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/webhooks/:id/deliveries',
      summary: 'What became of its events, newest first',
      query: z.object({ state: z.enum(DELIVERY_STATES).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
      answer: pageOf(delivery),
      handler: async ({ params: { id }, query: { state = null, limit } }) => {
        await endpoints.find(id);
        return { object: 'list' as const, data: (await listDeliveries(db, { endpoint: id, state, limit })).map(showDelivery), next: null };
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/webhooks/:id/replay',
      summary: 'Try its dead letters again, 1,000 at a time',
      body: replayBody,
      answer: replayed,
      handler: async ({ params: { id }, body }, request) => {
        await endpoints.find(id);
        return {
          object: 'replay' as const,
          count: await replay({ endpoint: id, since: body.since }, operatorOf(request), { db, journal }),
        };
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/webhook-deliveries/:id/replay',
      summary: 'Bring one event once more, whatever became of it',
      body: nothing,
      answer: replayed,
      handler: async ({ params: { id } }, request) => ({
        object: 'replay' as const,
        count: await replay({ delivery: id }, operatorOf(request), { db, journal }),
      }),
    });
  };
}

function showDelivery({ id, event_id, type, state, attempts, last_status, last_error, occurred_at, ended_at }: DeliveryFacts) {
  return {
    object: 'webhook_delivery' as const,
    id,
    event: event_id,
    type,
    state,
    attempts,
    last_status,
    last_error,
    occurred_at: occurred_at.toISOString(),
    ended_at: ended_at?.toISOString() ?? null,
  };
}
