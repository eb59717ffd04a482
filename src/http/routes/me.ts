import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PERMISSIONS, rolesAllow } from '../../access/permissions.ts';
import { signOut } from '../../access/sign-in/sign-in.ts';
import { changeUser, findUser } from '../../access/user-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId, type UserId } from '../../contracts/ids.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { csrfTokenOf } from '../same-page.ts';
import { clearSessionCookie, cookieRules } from '../session-cookie.ts';

const tag = 'Me';
const MAX_PREFERENCES = 16_384;
const exposure = z.object({ today: z.number(), budget: z.number(), resumes_at: z.string().nullable() });
const me = z.object({
  object: z.literal('me'),
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  language: z.string().nullable(),
  preferences: z.record(z.string(), z.unknown()),
  exposure: exposure.nullable(),
  csrf_token: z.string().nullable(),
  signed_in_at: z.string().nullable(),
  ends_at: z.string().nullable(),
});
const NO_PREFERENCES: Readonly<Record<string, unknown>> = {};
const preferences = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= MAX_PREFERENCES, `at most ${MAX_PREFERENCES} characters of JSON`);

/** Who one is here, what one may do, and the way out. Every member of staff has these. */
export function meRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, access, baseUrl } = parts;
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    route(app, {
      method: 'GET',
      url: '/v1/me',
      tag,
      summary: 'Who I am, what I may do, and the token that my browser sends with changes',
      answer: me,
      handler: (_input, request) => describeMe(request, parts),
    });
    route(app, {
      method: 'PUT',
      url: '/v1/me/preferences',
      tag,
      summary: 'My preferences: any JSON object, whole',
      body: preferences,
      answer: z.record(z.string(), z.unknown()),
      handler: async ({ body }, request) => {
        const changed = await changeUser(db, personOf(request), { preferences: body });
        return changed?.preferences ?? {};
      },
    });
    route(app, {
      method: 'PUT',
      url: '/v1/me/language',
      tag,
      summary: 'The language in which I am spoken to',
      body: z.object({ language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/) }),
      answer: z.object({ language: z.string() }),
      handler: async ({ body: { language } }, request) => {
        await changeUser(db, personOf(request), { language });
        return { language };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/sign-out',
      tag,
      summary: 'End this session; `redirect` is where the browser signs out at the identity provider, too',
      answer: z.object({ redirect: z.string().nullable() }),
      handler: async (_input, request, reply) => {
        const session = request.principal?.kind === 'staff' ? request.principal.session : undefined;
        const rules = cookieRules(baseUrl());
        if (session === undefined || rules === null) return { redirect: null };
        await signOut({ id: session.id }, session.user, access.sessions);
        clearSessionCookie(reply, rules);
        return { redirect: (await access.provider?.is.addressToSignOut(`${baseUrl()}/console`)) ?? null };
      },
    });
  };
}

async function describeMe(request: FastifyRequest, { db, exposureOf }: HttpParts): Promise<z.input<typeof me>> {
  const id = operatorOf(request);
  const { roles, session } = request.principal?.kind === 'staff' ? request.principal : { roles: [], session: undefined };
  const user = isId('user', id) ? await findUser(db, id) : null;
  return {
    object: 'me' as const,
    id,
    name: user?.name ?? (id === 'local' ? 'This machine' : id),
    roles: [...roles],
    permissions: PERMISSIONS.filter((permission) => rolesAllow(roles, permission)),
    language: user?.language ?? null,
    preferences: { ...(user?.preferences ?? NO_PREFERENCES) },
    exposure: (await exposureOf?.(id)) ?? null,
    csrf_token: session === undefined ? null : csrfTokenOf(session.token),
    signed_in_at: session?.signedInAt?.toISOString() ?? null,
    ends_at: session?.endsAt.toISOString() ?? null,
  };
}

/** A key has no preferences. @throws ImprimaturError AUTH_FORBIDDEN */
function personOf(request: FastifyRequest): UserId {
  const id = operatorOf(request);
  if (isId('user', id)) return id;
  throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'Only people who signed in have preferences.' });
}
