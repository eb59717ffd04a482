import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { addFlagger, listFlaggers, revokeFlagger, type TrustedFlagger } from '../../review/notices/trusted-flaggers.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Notices';
const params = z.object({ id: z.string().max(64) });
const flagger = z.strictObject({ name: z.string().trim().min(1).max(200) }).meta({ id: 'NewTrustedFlagger' });

const shown = z
  .object({
    object: z.literal('trusted_flagger'),
    id: z.string(),
    name: z.string(),
    last_four: z.string(),
    added_by: z.string(),
    added_at: timeAnswer,
    revoked_at: timeAnswer.nullable(),
  })
  .meta({ id: 'TrustedFlagger' });

/** The organizations whose reports go first. */
export function trustedFlaggersRoutes({ db, voices }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/trusted-flaggers',
      tag,
      summary: 'Organizations whose reports go first (DSA, article 22)',
      onRequest: permitted(authenticate, 'registers.read'),
      answer: listOf(shown),
      handler: async () => ({ object: 'list' as const, data: (await listFlaggers(db)).map(showFlagger) }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/trusted-flaggers',
      tag,
      summary: 'Register a trusted flagger; its key is shown once',
      body: flagger,
      onRequest: permitted(authenticate, 'registers.write'),
      answer: shown.extend({ key: z.string() }),
      status: 201,
      handler: async ({ body: { name } }, request, reply) => {
        const made = await addFlagger(name, operatorOf(request), voices.notices);
        return reply.code(201).send({ ...showFlagger(made.flagger), key: made.key });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/trusted-flaggers/:id/revoke',
      tag,
      summary: 'Take the key of a trusted flagger back',
      params,
      onRequest: permitted(authenticate, 'registers.write'),
      answer: shown,
      handler: async ({ params: { id } }, request) => {
        if (!isId('flag', id)) throw new ImprimaturError('NOT_FOUND');
        return showFlagger(await revokeFlagger(id, operatorOf(request), voices.notices));
      },
    });
  };
}

function showFlagger({ id, name, last_four, added_by, added_at, revoked_at }: TrustedFlagger) {
  return {
    object: 'trusted_flagger' as const,
    id,
    name,
    last_four,
    added_by,
    added_at: added_at.toISOString(),
    revoked_at: revoked_at?.toISOString() ?? null,
  };
}
