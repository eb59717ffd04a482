import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { listSurfaces, putSurface, type Surface, surfaceId } from '../../access/surfaces/surface-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type Authenticate, operatorOf, permitted, requireFresh } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Surfaces';
const FRESH_MINUTES = 15;
const shown = z.object({
  object: z.literal('surface'),
  id: z.string(),
  name: z.string(),
  source: z.enum(['config', 'operator']),
  made_by: z.string(),
  made_at: z.string().nullable(),
});

/** The product channels that keys belong to. One is there for the next request, in every process. */
export function surfacesRoutes({ db, journal, config }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { surfaces: configured } = config.values;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/surfaces',
      tag,
      summary: 'All surfaces, with where each is declared',
      answer: z.object({ object: z.literal('list'), data: z.array(shown) }),
      onRequest: permitted(authenticate, 'keys.read'),
      handler: async () => ({ object: 'list' as const, data: (await listSurfaces(db, configured)).map(show) }),
    });
    route(app, {
      method: 'PUT',
      url: '/v1/surfaces/:id',
      tag,
      summary: 'Register a surface, or name it anew; then make keys for it. What the configuration declares is changed there',
      params: z.object({ id: surfaceId }),
      body: z.strictObject({ name: z.string().trim().min(1).max(200) }).meta({ id: 'SurfaceWish' }),
      answer: shown,
      onRequest: permitted(authenticate, 'keys.write'),
      handler: async ({ params: { id }, body: { name } }, request) => {
        requireFresh(request, FRESH_MINUTES);
        if (configured.includes(id)) throw new ImprimaturError('SURFACE_CONFIGURED', { param: 'id' });
        if (id === 'operator') throw new ImprimaturError('REQUEST_INVALID', { param: 'id', hint: 'Operator keys belong to no surface.' });
        const by = operatorOf(request);
        const made = await db.transaction(async (tx) => {
          const stored = await putSurface(tx, { id, name, by });
          await journal.recordIn(tx, {}, [{ kind: 'surface.changed', surface: id, by }]);
          return stored;
        });
        return show(made);
      },
    });
  };
}

function show({ id, name, source, madeBy: made_by, madeAt }: Surface): z.output<typeof shown> {
  return { object: 'surface' as const, id, name, source, made_by, made_at: madeAt?.toISOString() ?? null };
}
