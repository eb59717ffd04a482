import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { listLooks } from '../../review/looks.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const query = z.object({
  by: z.string().max(64).optional(),
  case: z.string().max(64).optional(),
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const look = z
  .object({
    at: timeAnswer,
    by: z.string(),
    act: z.string().describe('`looked:` and at what.'),
    subject: z.string().nullable(),
    target: z.string().nullable(),
    reason: z.null(),
    entry: z.null(),
  })
  .meta({ id: 'Look' });

/** Who looked at what. */
export function auditRoutes({ db }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/audit',
      tag: 'Audit',
      summary: 'Who looked at which case, picture or file, newest first',
      query,
      onRequest: permitted(authenticate, 'audit.read'),
      answer: pageOf(look),
      handler: async ({ query: { case: caseId, ...filter } }, request) => {
        const withRestricted = rolesAllow(staffOf(request).roles, 'cases.restricted');
        const looks = await listLooks(db, { ...filter, caseId, withRestricted });
        const data = looks.map(({ at, by, what, case_id, target }) => ({
          at: at.toISOString(),
          by,
          act: `looked:${what}`,
          subject: case_id ?? target,
          target,
          reason: null,
          entry: null,
        }));
        return { object: 'list' as const, data, next: looks.length < filter.limit ? null : (looks.at(-1)?.id ?? null) };
      },
    });
  };
}
