import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Endpoint } from '../../announcements/endpoint.ts';
import { type EndpointStore, OVERLAP_HOURS } from '../../announcements/endpoint-store.ts';
import { EVENT_TYPES } from '../../announcements/event-types.ts';
import { plainName } from '../../config/fields.ts';
import { type Authenticate, type Hook, operatorOf, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route, sentNothing } from '../route.ts';

const tag = 'Webhooks';
const params = z.object({ id: z.string().max(64) });
const nothing = z.object({}).nullish();
const newEndpoint = z
  .strictObject({
    name: plainName,
    url: z.string().max(2_000),
    application: z.exactOptional(z.string().min(1).max(200)).describe("Left out: the operator's own, which hears of every application."),
    events: z.exactOptional(z.array(z.string().max(64)).max(100)).describe('Left out: everything.'),
  })
  .meta({ id: 'NewWebhookEndpoint' });
const rotation = z.strictObject({ overlap_hours: z.number().min(0).max(168).default(OVERLAP_HOURS) }).prefault({});
const shown = z
  .object({
    object: z.literal('webhook_endpoint'),
    id: z.string(),
    name: z.string(),
    url: z.string(),
    application: z.string().nullable(),
    events: z.array(z.string()).describe('Empty: everything.'),
    state: z.enum(['active', 'disabled']),
    disabled_because: z.string().nullable(),
    is_configured: z.boolean(),
    failures: z.number(),
    resting_until: timeAnswer.nullable(),
    last_delivered_at: timeAnswer.nullable(),
    old_secret_until: timeAnswer.nullable(),
    created_at: timeAnswer,
    created_by: z.string(),
  })
  .meta({ id: 'WebhookEndpoint' });
const withSecret = shown.extend({ secret: z.string().describe('Shown this once.') });
/** Who hears of events; see `docs/webhooks.md`. */
export function webhooksRoutes({ announcements }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { endpoints } = announcements;
  const onRequest = permitted(authenticate, 'settings.write');
  const about = { tag, params, onRequest } as const;

  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/webhooks',
      tag,
      summary: 'Endpoints, by name, and what can be told',
      onRequest,
      answer: pageOf(shown).extend({ events: z.record(z.string(), z.string()).describe('What can be told, in words.') }),
      handler: async () => ({ object: 'list' as const, data: (await endpoints.list()).map(show), next: null, events: EVENT_TYPES }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/webhooks',
      tag,
      summary: 'Add an endpoint; its secret is shown this once',
      onRequest,
      body: newEndpoint,
      answer: withSecret,
      status: 201,
      handler: async ({ body }, request, reply) => {
        const { application = null, events = [] } = body;
        const { endpoint, secret } = await endpoints.add({ ...body, application, events, by: operatorOf(request) });
        return reply.code(201).send({ ...show(endpoint), secret });
      },
    });
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/webhooks/:id',
      summary: 'One endpoint',
      answer: shown,
      handler: async ({ params: { id } }) => show(await endpoints.find(id)),
    });
    changeRoutes(app, endpoints, about);
  };
}

interface About {
  readonly tag: string;
  readonly params: typeof params;
  readonly onRequest: Hook;
}

function changeRoutes(app: FastifyInstance, endpoints: EndpointStore, about: About): void {
  route(app, {
    ...about,
    method: 'POST',
    url: '/v1/webhooks/:id/rotate',
    summary: 'A new secret, shown this once; the one before signs as well for a while',
    body: rotation,
    answer: withSecret,
    handler: async ({ params: { id }, body }, request) => {
      const { endpoint, secret } = await endpoints.rotate(id, { by: operatorOf(request), overlapHours: body.overlap_hours });
      return { ...show(endpoint), secret };
    },
  });
  for (const { state, ...address } of [
    { method: 'POST', url: '/v1/webhooks/:id/enable', summary: 'Tell it of events again, from now on', state: 'active' },
    { method: 'POST', url: '/v1/webhooks/:id/disable', summary: 'Tell it of nothing', state: 'disabled' },
  ] as const) {
    route(app, {
      ...about,
      ...address,
      body: nothing,
      answer: shown,
      handler: async ({ params: { id } }, request) => show(await endpoints.setState(id, state, operatorOf(request))),
    });
  }
  route(app, {
    ...about,
    method: 'POST',
    url: '/v1/webhooks/:id/test',
    summary: 'Send the event webhook.test',
    body: nothing,
    answer: z.object({ object: z.literal('webhook_test'), endpoint: z.string() }),
    status: 202,
    handler: async ({ params: { id } }, _request, reply) => {
      await endpoints.test(id);
      return reply.code(202).send({ object: 'webhook_test' as const, endpoint: id });
    },
  });
  route(app, {
    ...about,
    method: 'DELETE',
    url: '/v1/webhooks/:id',
    summary: 'Remove an endpoint and everything that waits for it',
    answer: sentNothing,
    status: 204,
    handler: async ({ params: { id } }, request, reply) => {
      await endpoints.remove(id, operatorOf(request));
      return reply.code(204).send();
    },
  });
}

function show({ id, name, url, application, events, state, createdAt, createdBy, ...more }: Endpoint) {
  return {
    object: 'webhook_endpoint' as const,
    id,
    name,
    url,
    application,
    events,
    state,
    disabled_because: more.disabledBecause,
    is_configured: more.trust === 'configured',
    failures: more.failures,
    resting_until: more.restingUntil?.toISOString() ?? null,
    last_delivered_at: more.deliveredAt?.toISOString() ?? null,
    old_secret_until: more.previousUntil?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
    created_by: createdBy,
  };
}
