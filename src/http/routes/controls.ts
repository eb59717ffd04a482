import type { FastifyPluginAsync } from 'fastify';
import type { HttpParts } from '../parts.ts';
import type { RecentStaff } from '../recent-staff.ts';
import { gatesRoutes } from './gates.ts';
import { killRoutes } from './kill.ts';
import { limitsRoutes } from './limits.ts';
import { upstreamsRoutes } from './upstreams.ts';

/** What operators open, narrow and stop while the gateway runs. */
export function controlsRoutes(parts: HttpParts, recent: RecentStaff): FastifyPluginAsync {
  return async (app) => {
    await app.register(gatesRoutes(parts, recent.authenticate));
    await app.register(killRoutes(parts, recent));
    await app.register(limitsRoutes(parts, recent.authenticate));
    await app.register(upstreamsRoutes(parts, recent.authenticate));
  };
}
