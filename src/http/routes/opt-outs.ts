import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { mattersSchema, type OptOut, optOutFactsSchema, optOutId } from '../../registries/opt-outs/opt-out.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Opt-outs';
const newOptOut = optOutFactsSchema.extend({ what: mattersSchema, expires_at: z.coerce.date().optional() }).meta({ id: 'NewOptOut' });

/** Artists and rights-holders who want their name, style or works left alone. */
export function optOutsRoutes({ optOuts, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'POST',
      url: '/v1/opt-outs',
      tag,
      summary: 'Write down that somebody opted out; prompts that name them are judged accordingly from then on',
      body: newOptOut,
      handler: async ({ body: { expires_at, ...facts } }, request, reply) => {
        if (facts.works.length > 0 !== facts.what.includes('works'))
          throw new ImprimaturError('REQUEST_INVALID', { hint: 'Say "works" and their titles together.', param: 'works' });
        const added = await optOuts.add({ ...facts, expiresAt: expires_at ?? null, by: operatorOf(request) });
        return reply.code(201).send(show(added));
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/opt-outs',
      tag,
      summary: 'Who opted out, of what',
      handler: async (_input, request) => {
        const all = await optOuts.list();
        await journal.record({}, [{ kind: 'opt_outs.listed', count: all.length, by: operatorOf(request) }]);
        return { object: 'list', data: all.map(show) };
      },
    });
    route(app, {
      method: 'DELETE',
      url: '/v1/opt-outs/:id',
      tag,
      summary: 'Remove an opt-out',
      params: z.object({ id: optOutId }),
      handler: async ({ params: { id } }, request) => {
        await optOuts.remove(id, operatorOf(request));
        return { object: 'opt_out', id, deleted: true };
      },
    });
  };
}

function show({ id, name, aliases, works, what, reference, expiresAt, addedBy, addedAt }: OptOut) {
  return {
    object: 'opt_out',
    id,
    name,
    aliases,
    works,
    what,
    reference,
    expires_at: expiresAt?.toISOString() ?? null,
    added_by: addedBy,
    added_at: addedAt.toISOString(),
  };
}
