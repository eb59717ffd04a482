import type { FastifyPluginAsync } from 'fastify';
import { listSurfaces } from '../../access/surfaces/surface-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Status';

/** For load balancers, Prometheus and people. */
export function statusRoutes({ db, isReady, telemetry, policy, config }: HttpParts): FastifyPluginAsync {
  return async (app) => {
    route(app, { method: 'GET', url: '/healthz', tag, summary: 'The process lives', isPublic: true, handler: () => ({ status: 'ok' }) });
    route(app, {
      method: 'GET',
      url: '/readyz',
      tag,
      summary: 'The gateway can take requests',
      isPublic: true,
      handler: async () => {
        if (!(await isReady())) throw new ImprimaturError('STORAGE_UNAVAILABLE');
        return { status: 'ready' };
      },
    });
    route(app, {
      method: 'GET',
      url: '/metrics',
      tag,
      summary: 'Prometheus metrics',
      isPublic: true,
      handler: async (_input, _request, reply) => reply.type(telemetry.registry.contentType).send(await telemetry.registry.metrics()),
    });
    route(app, {
      method: 'GET',
      url: '/v1/policy',
      tag: 'Policy',
      summary: 'The policy in force: name, version, digest and text',
      isPublic: true,
      handler: async () => {
        const surfaces = (await listSurfaces(db, config.values.surfaces)).map(({ id }) => id);
        return { object: 'policy', ...policy.ref, document: policy.document, surfaces };
      },
    });
  };
}
