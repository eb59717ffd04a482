import type { FastifyPluginAsync } from 'fastify';
import type { Authenticate } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { hashListsRoutes } from './hash-lists.ts';
import { optOutsRoutes } from './opt-outs.ts';
import { peopleRoutes } from './people.ts';

/** What operators keep: known content, people, and who opted out. */
export function registersRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    for (const routes of [hashListsRoutes, peopleRoutes, optOutsRoutes]) await app.register(routes(parts, authenticate));
  };
}
