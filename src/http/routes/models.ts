import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { resolveModelName } from '../../ingest/model-names.ts';
import { type Authenticate, anyKey } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

/** The configured models, by the names that callers use. */
export function modelsRoutes({ ingest }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { modelNames } = ingest;
  const names = [...modelNames.configured, ...Object.keys(modelNames.aliases).filter((name) => name !== '*')];
  const show = (id: string) => ({ id, object: 'model' as const, created: 0, owned_by: 'imprimatur' });
  return async (app) => {
    app.addHook('onRequest', anyKey(authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/models',
      tag: 'Models',
      summary: 'The configured models',
      handler: () => ({ object: 'list', data: names.map(show) }),
    });
    route(app, {
      method: 'GET',
      url: '/v1/models/:id',
      tag: 'Models',
      summary: 'One model',
      params: z.object({ id: z.string() }),
      handler: ({ params: { id } }) => {
        if (id === '') throw new ImprimaturError('MODEL_UNKNOWN');
        resolveModelName(id, modelNames);
        return show(id);
      },
    });
  };
}
