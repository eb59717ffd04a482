import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import {
  applicationId,
  type ClaimKey,
  claimKeysOf,
  findApplication,
  insertClaimKey,
  revokeClaimKey,
} from '../../access/claims/application-store.ts';
import { CLAIM_ALGORITHMS } from '../../access/claims/claim.ts';
import { prepareClaimKey } from '../../access/claims/new-claim-key.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type Authenticate, operatorOf, permitted, requireFresh } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Applications';
const params = z.object({ id: applicationId });
const keyParams = z.object({ id: applicationId, kid: z.string().max(64) });
const claimKey = z
  .strictObject({
    kid: z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, "_" and "-"'),
    algorithm: z.enum(CLAIM_ALGORITHMS),
    secret: z
      .string()
      .max(1024)
      .optional()
      .describe('Base64url, 32 bytes or more, of HS256 or HMAC. Left out: one is made and shown once.'),
    public_jwk: z.record(z.string(), z.unknown()).optional().describe('Of RS256, ES256 or EdDSA.'),
    expires_at: z.coerce.date().nullable().default(null),
  })
  .meta({ id: 'NewClaimKey' });
const shown = z
  .object({
    object: z.literal('claim_key'),
    application: z.string(),
    kid: z.string(),
    algorithm: z.enum(CLAIM_ALGORITHMS),
    public_jwk: z.record(z.string(), z.unknown()).nullable(),
    expires_at: timeAnswer.nullable(),
    revoked_at: timeAnswer.nullable(),
  })
  .meta({ id: 'ClaimKey' });
const made = shown.extend({ secret: z.string().nullable().describe('Base64url; null where it was given, or is a public key.') });
const revoked = z.object({ object: z.literal('claim_key'), application: z.string(), kid: z.string(), revoked: z.literal(true) });
const FRESH_MINUTES = 15;

/** The keys by which applications sign what they say of their users. */
export function claimKeysRoutes({ db, journal, access, evidence }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/applications/:id/claim-keys',
      tag,
      summary: 'The keys by which an application signs claims, without secrets',
      params,
      onRequest: permitted(authenticate, 'keys.read'),
      answer: listOf(shown),
      handler: async ({ params: { id } }) => {
        if ((await findApplication(db, id)) === null) throw new ImprimaturError('NOT_FOUND');
        return { object: 'list' as const, data: (await claimKeysOf(db, id)).map(showKey) };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/applications/:id/claim-keys',
      tag,
      summary: 'Another key to sign claims with; a secret that is made here is shown once',
      params,
      body: claimKey,
      onRequest: permitted(authenticate, 'keys.write'),
      answer: made,
      status: 201,
      handler: async ({ params: { id }, body }, request, reply) => {
        requireFresh(request, FRESH_MINUTES);
        const { kid, algorithm, secret: given, public_jwk: publicJwk, expires_at: expiresAt } = body;
        const by = operatorOf(request);
        const wish = { application: id, kid, algorithm, expiresAt, by };
        const optional = { ...(given === undefined ? {} : { secret: given }), ...(publicJwk === undefined ? {} : { publicJwk }) };
        const { row, secret } = await prepareClaimKey({ ...wish, ...optional }, evidence);
        await db.transaction(async (tx) => {
          if (!(await insertClaimKey(tx, row)))
            throw new ImprimaturError('REQUEST_INVALID', {
              hint: 'There is no such application, or it has a key of this name.',
              param: 'kid',
            });
          await journal.recordIn(tx, {}, [{ kind: 'claim_key.created', application: id, kid, algorithm, by }]);
        });
        access.claims.forget();
        return reply.code(201).send({ ...showKey({ ...row, revokedAt: null }), secret });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/applications/:id/claim-keys/:kid/revoke',
      tag,
      summary: 'Believe nothing more that this key signed; effective within a second',
      params: keyParams,
      onRequest: permitted(authenticate, 'keys.write'),
      answer: revoked,
      handler: async ({ params: { id, kid } }, request) => {
        await db.transaction(async (tx) => {
          if (!(await revokeClaimKey(tx, { application: id, kid }))) throw new ImprimaturError('NOT_FOUND');
          await journal.recordIn(tx, {}, [{ kind: 'claim_key.revoked', application: id, kid, by: operatorOf(request) }]);
        });
        access.claims.forget();
        return { object: 'claim_key' as const, application: id, kid, revoked: true as const };
      },
    });
  };
}

function showKey({ application: id, kid, algorithm, publicJwk, expiresAt, revokedAt }: ClaimKey) {
  return {
    object: 'claim_key' as const,
    application: id,
    kid,
    algorithm,
    public_jwk: publicJwk,
    expires_at: expiresAt?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
  };
}
