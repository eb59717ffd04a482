import type { FastifyPluginAsync } from 'fastify';
import type { Authenticate } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import type { Strangers } from '../strangers.ts';
import { appealDeskRoutes } from './appeal-desk.ts';
import { appealsRoutes } from './appeals.ts';
import { noticeDeskRoutes } from './notice-desk.ts';
import { noticesRoutes } from './notices.ts';
import { publicPagesRoutes } from './public-pages.ts';
import { trustedFlaggersRoutes } from './trusted-flaggers.ts';

/** What people outside say: appeals, reports, and the pages for both. */
export function voicesRoutes(parts: HttpParts, authenticate: Authenticate, strangers: Strangers): FastifyPluginAsync {
  return async (app) => {
    await app.register(appealsRoutes(parts, authenticate));
    await app.register(appealDeskRoutes(parts, authenticate));
    await app.register(noticesRoutes(parts, authenticate, strangers));
    await app.register(noticeDeskRoutes(parts, authenticate));
    await app.register(trustedFlaggersRoutes(parts, authenticate));
    await app.register(publicPagesRoutes());
  };
}
