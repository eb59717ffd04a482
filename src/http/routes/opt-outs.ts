import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { mattersSchema, OPT_OUT_MATTERS, type OptOut, optOutFactsSchema, optOutId } from '../../registries/opt-outs/opt-out.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Opt-outs';
const newOptOut = optOutFactsSchema.extend({ what: mattersSchema, expires_at: z.coerce.date().optional() }).meta({ id: 'NewOptOut' });

const shown = z
  .object({
    object: z.literal('opt_out'),
    id: z.string(),
    name: z.string(),
    aliases: z.array(z.string()),
    works: z.array(z.string()),
    what: z.array(z.enum(OPT_OUT_MATTERS)),
    reference: z.string(),
    expires_at: timeAnswer.nullable(),
    added_by: z.string(),
    added_at: timeAnswer,
  })
  .meta({ id: 'OptOut' });
const deleted = z.object({ object: z.literal('opt_out'), id: z.string(), deleted: z.literal(true) });

/** Artists and rights-holders who want their name, style or works left alone. */
export function optOutsRoutes({ optOuts, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/opt-outs',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Write down that somebody opted out; prompts that name them are judged accordingly from then on',
      body: newOptOut,
      answer: shown,
      status: 201,
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
      onRequest: permitted(authenticate, 'registers.read'),
      tag,
      summary: 'Who opted out, of what',
      answer: listOf(shown),
      handler: async (_input, request) => {
        const all = await optOuts.list();
        await journal.record({}, [{ kind: 'opt_outs.listed', count: all.length, by: operatorOf(request) }]);
        return { object: 'list' as const, data: all.map(show) };
      },
    });
    route(app, {
      method: 'DELETE',
      url: '/v1/opt-outs/:id',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Remove an opt-out',
      params: z.object({ id: optOutId }),
      answer: deleted,
      handler: async ({ params: { id } }, request) => {
        await optOuts.remove(id, operatorOf(request));
        return { object: 'opt_out' as const, id, deleted: true as const };
      },
    });
  };
}

function show({ id, name, aliases, works, what, reference, expiresAt, addedBy, addedAt }: OptOut) {
  return {
    object: 'opt_out' as const,
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
