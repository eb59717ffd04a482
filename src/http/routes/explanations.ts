import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { explainGeneration } from '../../explain-generation.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const params = z.object({ id: z.string().max(64) });

/** Why a generation went as it did, for operators: it names rules, checks and thresholds. */
export function explanationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/explanations/:id',
      tag: 'Decisions',
      summary: 'What led to each decision on a generation, by its id or that of an artifact, a decision or a case',
      params,
      handler: async ({ params: { id } }, request) => {
        const explanation = await explainGeneration(id, parts);
        parts.telemetry.log.info({ event: 'explanation.read', generation: explanation.generation.id, by: operatorOf(request) });
        return { object: 'explanation', ...explanation };
      },
    });
  };
}
