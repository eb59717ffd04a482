import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { ApiKey } from '../../access/api-key.ts';
import { insertKey, listKeys, revokeKey } from '../../access/key-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Keys';
const newKey = z
  .object({
    role: z.enum(['caller', 'operator']).default('caller'),
    application: z.string().min(1).max(100).default('default'),
    surface: z.string().max(63).default('api'),
    expires_at: z.coerce.date().optional(),
  })
  .meta({ id: 'NewKey' });

/** API keys. A token is shown once, when its key is made; each change is in the ledger. */
export function keysRoutes({ db, journal, config }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/keys',
      tag,
      summary: 'All keys',
      handler: async () => ({ object: 'list', data: (await listKeys(db)).map(show) }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/keys',
      tag,
      summary: 'Make a key',
      body: newKey,
      handler: async ({ body }, request, reply) => {
        const { role, application, expires_at: expiresAt } = body;
        const surface = role === 'operator' ? 'operator' : body.surface;
        if (role === 'caller' && !config.values.surfaces.includes(surface)) {
          throw new ImprimaturError('REQUEST_INVALID', {
            hint: `Configured surfaces: ${config.values.surfaces.join(', ')}.`,
            param: 'surface',
          });
        }
        const { key, token } = await db.transaction(async (tx) => {
          const made = await insertKey(tx, { role, application, surface, ...(expiresAt === undefined ? {} : { expiresAt }) });
          await journal.recordIn(tx, {}, [{ kind: 'key.created', key: made.key.id, role, surface, by: operatorOf(request) }]);
          return made;
        });
        return reply.code(201).send({ ...show(key), token });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/keys/:id/revoke',
      tag,
      summary: 'Revoke a key; effective everywhere within a second',
      params: z.object({ id: z.string() }),
      handler: async ({ params: { id } }, request) => {
        if (!isId('key', id)) throw new ImprimaturError('NOT_FOUND');
        const revoked = await db.transaction(async (tx) => {
          const key = await revokeKey(tx, id);
          if (key !== null) await journal.recordIn(tx, {}, [{ kind: 'key.revoked', key: id, by: operatorOf(request) }]);
          return key;
        });
        if (revoked === null) throw new ImprimaturError('NOT_FOUND');
        return show(revoked);
      },
    });
  };
}

function show({ id, role, application, surface, lastFour, createdAt, expiresAt, revokedAt }: ApiKey) {
  return {
    object: 'key',
    id,
    role,
    application,
    surface,
    last_four: lastFour,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
  };
}
