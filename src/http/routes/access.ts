import type { FastifyPluginAsync } from 'fastify';
import type { Authenticate } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { applicationsRoutes } from './applications.ts';
import { claimKeysRoutes } from './claim-keys.ts';
import { keysRoutes } from './keys.ts';
import { meRoutes } from './me.ts';
import { signInRoutes } from './sign-in.ts';
import { staffRoutes } from './staff.ts';

/** Who gets in: keys, people, and their sign-in. */
export function accessRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    await app.register(signInRoutes(parts));
    for (const routes of [applicationsRoutes, claimKeysRoutes, keysRoutes, meRoutes, staffRoutes])
      await app.register(routes(parts, authenticate));
  };
}
