import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { listTakedowns, type Takedown, takeDown } from '../../registries/takedowns/takedown-store.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Takedowns';
const body = z.strictObject({
  artifact_id: z.string().max(64),
  reason: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a code such as "court-order"'),
});

const shown = z
  .object({ object: z.literal('takedown'), artifact_id: z.string(), reason: z.string(), by: z.string(), at: timeAnswer })
  .meta({ id: 'Takedown' });

/** Pictures that must not be spread any more: their links stop working, verification says so, and uploads of them are refused. */
export function takedownsRoutes({ db, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/takedowns',
      onRequest: permitted(authenticate, 'takedowns.write'),
      tag,
      summary: 'Take a published picture down',
      body,
      answer: shown,
      handler: async ({ body: { artifact_id, reason } }, request) => {
        if (!isId('art', artifact_id)) throw new ImprimaturError('NOT_FOUND');
        return show(await takeDown({ artifactId: artifact_id, reason, by: operatorOf(request) }, { db, journal }));
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/takedowns',
      onRequest: permitted(authenticate, 'notices.read'),
      tag,
      summary: 'Takedowns, newest first',
      query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
      answer: listOf(shown),
      handler: async ({ query: { limit } }) => ({ object: 'list' as const, data: (await listTakedowns(db, limit)).map(show) }),
    });
  };
}

function show({ artifactId, reason, by, at }: Takedown) {
  return { object: 'takedown' as const, artifact_id: artifactId, reason, by, at: at.toISOString() };
}
