import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { mayGive } from '../../access/permissions.ts';
import { signOut } from '../../access/sign-in/sign-in.ts';
import { changeUser, listUsers, type User } from '../../access/user-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId, type UserId } from '../../contracts/ids.ts';
import { STAFF_ROLES } from '../../contracts/staff-role.ts';
import { type Authenticate, operatorOf, permitted, requireFresh, rolesOf } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Staff';
const params = z.object({ id: z.string() });
const change = z
  .object({
    granted: z.array(z.enum(STAFF_ROLES)).optional().describe('Roles beside those that the identity provider gives.'),
    blocked: z.boolean().optional(),
  })
  .meta({ id: 'StaffChange' });
const FRESH_MINUTES = 15;

const shown = z
  .object({
    object: z.literal('staff'),
    id: z.string(),
    issuer: z.string(),
    name: z.string().nullable(),
    roles: z.array(z.enum(STAFF_ROLES)).describe('Of the identity provider.'),
    granted: z.array(z.enum(STAFF_ROLES)),
    created_at: timeAnswer,
    last_sign_in_at: timeAnswer,
    blocked_at: timeAnswer.nullable(),
  })
  .meta({ id: 'Staff' });

/** The people who sign in here: which roles they have, who is kept out. */
export function staffRoutes({ db, journal, access }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/staff',
      tag,
      summary: 'Everybody who has signed in, and their roles',
      onRequest: permitted(authenticate, 'staff.read'),
      answer: listOf(shown),
      handler: async () => ({ object: 'list' as const, data: (await listUsers(db)).map(show) }),
    });
    route(app, {
      method: 'PUT',
      url: '/v1/staff/:id',
      tag,
      summary: 'Grant roles to a person, or block them; effective within a second',
      params,
      body: change,
      onRequest: permitted(authenticate, 'staff.write'),
      answer: shown,
      handler: async ({ params: { id }, body: { granted, blocked } }, request) => {
        requireFresh(request, FRESH_MINUTES);
        if (granted !== undefined) requireMayGive(granted, request);
        const by = operatorOf(request);
        const changed = await db.transaction(async (tx) => {
          const user = await changeUser(tx, personId(id), { granted, isBlocked: blocked });
          if (user === null) throw new ImprimaturError('NOT_FOUND');
          await journal.recordIn(tx, {}, [
            { kind: 'staff.changed', user: id, granted: [...user.granted], blocked: user.blockedAt !== null, by },
          ]);
          return user;
        });
        access.sessions.changed();
        return show(changed);
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/staff/:id/sign-out',
      tag,
      summary: 'End every session of a person, within a second',
      params,
      onRequest: permitted(authenticate, 'staff.write'),
      answer: z.object({ ended: z.number() }),
      handler: async ({ params: { id } }, request) => ({
        ended: await signOut({ user: personId(id) }, operatorOf(request), access.sessions),
      }),
    });
  };
}

/** @throws ImprimaturError AUTH_FORBIDDEN: nobody gives away what they do not have; the machine's owner may, who could write it into the settings */
export function requireMayGive(roles: readonly (typeof STAFF_ROLES)[number][], request: Parameters<typeof operatorOf>[0]): void {
  if (operatorOf(request) === 'local') return;
  const beyond = roles.filter((role) => !mayGive(rolesOf(request), role));
  if (beyond.length === 0) return;
  throw new ImprimaturError('AUTH_FORBIDDEN', {
    hint: `You cannot give ${beyond.join(', ')}: it may do what you may not. Give it by the configuration, or on the machine of the gateway.`,
  });
}

/** @throws ImprimaturError NOT_FOUND */
function personId(id: string): UserId {
  if (!isId('user', id)) throw new ImprimaturError('NOT_FOUND');
  return id;
}

function show({ id, issuer, name, roles, granted, createdAt, lastSignInAt, blockedAt }: User) {
  return {
    object: 'staff' as const,
    id,
    issuer,
    name,
    roles,
    granted,
    created_at: createdAt.toISOString(),
    last_sign_in_at: lastSignInAt.toISOString(),
    blocked_at: blockedAt?.toISOString() ?? null,
  };
}
