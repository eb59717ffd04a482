import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { ApiKey } from '../../access/api-key.ts';
import { signIn } from '../../access/sign-in/sign-in.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { STAFF_ROLES, type StaffRole } from '../../contracts/staff-role.ts';
import type { HttpParts } from '../parts.ts';
import { neighborhoodOf } from '../rate-bound.ts';
import { route } from '../route.ts';
import { comesFromUs } from '../same-page.ts';
import { rulesOrThrow, sessionBefore, setSessionCookie } from '../session-cookie.ts';

const body = z
  .object({
    key: z.string().min(8).max(256).describe('A staff key, such as the operator key that the start prints.'),
    name: z.string().trim().min(1).max(100).default('Operator'),
    roles: z.array(z.enum(STAFF_ROLES)).min(1).optional(),
  })
  .meta({ id: 'DevelopmentSignIn' });

/**
 * A staff key opens the console, for trying out without an identity provider. The key must be shown: an open button on a loopback address
 * would be open to every program of the machine, and behind a proxy to everybody.
 */
export function developmentSignInRoutes(parts: HttpParts): FastifyPluginAsync {
  const { access, baseUrl } = parts;
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/sign-in/development',
      tag: 'Sign-in',
      summary: 'A session by a staff key; only on the machine of the gateway, without an identity provider',
      isPublic: true,
      body,
      handler: async ({ body: { key: token, name, roles } }, request, reply) => {
        if (!access.isDevelopmentSignIn) throw new ImprimaturError('NOT_FOUND');
        if (!comesFromUs(request, baseUrl(), true)) throw new ImprimaturError('REQUEST_FORGED');
        const rules = rulesOrThrow(baseUrl());
        const key = await staffKey(token, neighborhoodOf(request.ip), parts);
        const person = { issuer: 'development', subject: `${key.lineage}/${name}`, name, roles: rolesOf(key, roles) };
        const before = await sessionBefore(request, parts);
        const signed = await signIn({ person, how: 'development', signedInAt: new Date(), key: key.id, ...before }, access.sessions);
        if (signed.kind === 'no_role') throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'This person is blocked.' });
        setSessionCookie(reply, rules, signed);
        return reply.code(204).send();
      },
    });
  };
}

/** @throws ImprimaturError AUTH_INVALID; RATE_LIMITED after too many bad ones */
async function staffKey(token: string, from: string, { access, findKey }: HttpParts): Promise<ApiKey> {
  await access.lockOut.check(from);
  const key = await findKey(token);
  if (key?.role === 'operator') {
    await access.lockOut.succeeded(from);
    return key;
  }
  await access.lockOut.failed(from);
  throw new ImprimaturError('AUTH_INVALID');
}

/** Whoever tries out may look at it with anybody's eyes; a key that was made for somebody gives no more than it has. */
function rolesOf(key: ApiKey, wished: readonly StaffRole[] | undefined): readonly StaffRole[] {
  if (wished === undefined) return key.roles;
  const beyond = key.development ? [] : wished.filter((role) => !key.roles.includes(role));
  if (beyond.length > 0) throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `This key has not the role ${beyond.join(', ')}.` });
  return wished;
}
