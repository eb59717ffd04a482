import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const upstream = z
  .object({ object: z.literal('upstream'), model: z.string(), state: z.enum(['works', 'resting', 'account_blocked']) })
  .meta({ id: 'Upstream' });

/** How the models behind this process are, as far as real requests have shown; see `docs/upstreams.md`. */
export function upstreamsRoutes({ controls }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/upstreams',
      tag: 'Upstreams',
      summary: 'Which models work, are left alone, or have a blocked account, as this process knows',
      onRequest: permitted(authenticate, 'operations.read'),
      answer: z.object({ object: z.literal('list'), data: z.array(upstream), next: z.null() }),
      handler: async () => ({
        object: 'list' as const,
        data: controls.health().map((one) => ({ object: 'upstream' as const, ...one })),
        next: null,
      }),
    });
  };
}
