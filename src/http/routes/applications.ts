import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { type Application, applicationId, claimRules, listApplications, putApplication } from '../../access/claims/application-store.ts';
import { unknownSurfaces } from '../../access/surfaces/surface-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type Authenticate, operatorOf, permitted, requireFresh } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Applications';
const params = z.object({ id: applicationId });
const application = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    surfaces: z.array(z.string().max(63)).min(1).nullable().default(null),
    claims: z
      .strictObject({
        issuer: claimRules.shape.issuer,
        audience: claimRules.shape.audience,
        max_age_seconds: claimRules.shape.maxAgeSeconds,
        use: claimRules.shape.use,
        required: claimRules.shape.required,
      })
      .prefault({}),
    stopped: z.boolean().default(false),
  })
  .meta({ id: 'ApplicationWish' });
const shown = z
  .object({
    object: z.literal('application'),
    id: z.string(),
    name: z.string(),
    surfaces: z.array(z.string()).nullable().describe('Null: all.'),
    claims: z.object({
      issuer: z.string(),
      audience: z.string(),
      max_age_seconds: z.number(),
      use: claimRules.shape.use.unwrap(),
      required: z.boolean(),
    }),
    made_at: timeAnswer,
    stopped_at: timeAnswer.nullable(),
  })
  .meta({ id: 'Application' });
const FRESH_MINUTES = 15;

/** Products of the platform: keys belong to them, and what they say of their users is believed by their rules. */
export function applicationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, access, config } = parts;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/applications',
      tag,
      summary: 'All applications',
      onRequest: permitted(authenticate, 'keys.read'),
      answer: listOf(shown),
      handler: async () => ({ object: 'list' as const, data: (await listApplications(db)).map(show) }),
    });
    route(app, {
      method: 'PUT',
      url: '/v1/applications/:id',
      tag,
      summary: 'Make an application, or change it; effective within a second',
      params,
      body: application,
      onRequest: permitted(authenticate, 'keys.write'),
      answer: shown,
      handler: async ({ params: { id }, body: { claims, ...body } }, request) => {
        requireFresh(request, FRESH_MINUTES);
        const unknown = await unknownSurfaces(db, config.values.surfaces, body.surfaces ?? []);
        if (unknown.length > 0) throw invalid('surfaces', `There is no surface ${unknown.join(', ')}.`);
        const by = operatorOf(request);
        const { max_age_seconds: maxAgeSeconds, ...rules } = claims;
        const made = await db.transaction(async (tx) => {
          const stored = await putApplication(tx, { id, ...body, claims: claimRules.parse({ ...rules, maxAgeSeconds }), by });
          await journal.recordIn(tx, {}, [{ kind: 'application.changed', application: id, stopped: stored.stoppedAt !== null, by }]);
          return stored;
        });
        access.claims.forget();
        return show(made);
      },
    });
  };
}

function invalid(param: string, hint: string): ImprimaturError {
  return new ImprimaturError('REQUEST_INVALID', { hint, param });
}

function show({ id, name, surfaces, claims, madeAt, stoppedAt }: Application) {
  const { maxAgeSeconds, issuer, ...rules } = claims;
  return {
    object: 'application' as const,
    id,
    name,
    surfaces,
    claims: { ...rules, issuer: issuer ?? id, max_age_seconds: maxAgeSeconds },
    made_at: madeAt.toISOString(),
    stopped_at: stoppedAt?.toISOString() ?? null,
  };
}
