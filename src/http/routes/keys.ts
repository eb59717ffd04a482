import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ApiKey, CALLER_SCOPES } from '../../access/api-key.ts';
import { listApplications } from '../../access/claims/application-store.ts';
import { insertKey, listKeys, type NewKey, revokeKey, rotateKey } from '../../access/key-store.ts';
import { listSurfaces } from '../../access/surfaces/surface-store.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId, type KeyId } from '../../contracts/ids.ts';
import { STAFF_ROLES } from '../../contracts/staff-role.ts';
import type { Queryable } from '../../storage/database.ts';
import { type Authenticate, operatorOf, permitted, requireFresh } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { requireMayGive } from './staff.ts';

const tag = 'Keys';
const params = z.object({ id: z.string() });
const HOUR_MS = 3_600_000;
const FRESH_MINUTES = 15;

const newKey = z
  .strictObject({
    name: z.string().trim().max(100).default(''),
    role: z.enum(['caller', 'operator']).optional().describe('"operator" is a staff key; `roles` says what it may.'),
    roles: z.array(z.enum(STAFF_ROLES)).min(1).optional().describe('Of a staff key; "operator" where none is said.'),
    scopes: z.array(z.enum(CALLER_SCOPES)).min(1).optional().describe("Of a caller's key; everything where none is said."),
    application: z.string().min(1).max(100).default('default'),
    surface: z.string().max(63).default('api'),
    expires_at: z.coerce.date().optional(),
  })
  .meta({ id: 'NewKey' });

const rotation = z.strictObject({
  overlap_hours: z.number().min(0).max(720).default(24).describe('How long the old token still opens the door.'),
});

const shown = z
  .object({
    object: z.literal('key'),
    id: z.string(),
    name: z.string(),
    role: z.enum(['caller', 'operator']),
    roles: z.array(z.enum(STAFF_ROLES)),
    scopes: z.array(z.enum(CALLER_SCOPES)).nullable().describe('Null: all.'),
    application: z.string(),
    surface: z.string(),
    last_four: z.string(),
    lineage: z.string().nullable(),
    created_at: timeAnswer,
    expires_at: timeAnswer.nullable(),
    revoked_at: timeAnswer.nullable(),
    last_used_at: timeAnswer.nullable(),
  })
  .meta({ id: 'Key' });
const made = shown.extend({ token: z.string().describe('Shown this once.') });

/** API keys. A token is shown once, when its key is made; each change is in the ledger. */
export function keysRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, config } = parts;
  return async (app) => {
    await app.register(heldKeysRoutes(parts, authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/keys',
      tag,
      summary: 'All keys',
      onRequest: permitted(authenticate, 'keys.read'),
      answer: listOf(shown),
      handler: async () => ({ object: 'list' as const, data: (await listKeys(db)).map(show) }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/keys',
      tag,
      summary: 'Make a key',
      body: newKey,
      onRequest: permitted(authenticate, 'keys.write'),
      answer: made,
      status: 201,
      handler: async ({ body }, request, reply) => {
        requireFresh(request, FRESH_MINUTES);
        const wish = wishOf(body, request);
        if (wish.role === 'caller') {
          await requireSurface(db, wish.surface, config.values.surfaces);
          await requireApplication(db, wish.application);
        }
        const { key, token } = await db.transaction(async (tx) => {
          const made = await insertKey(tx, wish);
          const { role, roles, surface } = made.key;
          const by = operatorOf(request);
          await journal.recordIn(tx, {}, [{ kind: 'key.created', key: made.key.id, role, roles: [...roles], surface, by }]);
          return made;
        });
        return reply.code(201).send({ ...show(key), token });
      },
    });
  };
}

/** What becomes of keys that are out. */
function heldKeysRoutes({ db, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/keys/:id/rotate',
      tag,
      summary: 'A new token with the same rights; the old one works until the overlap is over',
      params,
      body: rotation,
      onRequest: permitted(authenticate, 'keys.write'),
      answer: made,
      status: 201,
      handler: async ({ params: { id }, body: { overlap_hours } }, request, reply) => {
        requireFresh(request, FRESH_MINUTES);
        const by = operatorOf(request);
        const { key, token } = await db.transaction(async (tx) => {
          const made = await rotateKey(tx, keyId(id), { overlapMs: overlap_hours * HOUR_MS, madeBy: by });
          requireMayGive(made.old.roles, request);
          await journal.recordIn(tx, {}, [{ kind: 'key.rotated', key: id, to: made.key.id, overlap_hours: String(overlap_hours), by }]);
          return made;
        });
        return reply.code(201).send({ ...show(key), token });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/keys/:id/revoke',
      tag,
      summary: 'Revoke a key; effective everywhere within a second',
      params,
      onRequest: permitted(authenticate, 'keys.write'),
      answer: shown,
      handler: async ({ params: { id } }, request) => {
        const revoked = await db.transaction(async (tx) => {
          const key = await revokeKey(tx, keyId(id));
          if (key !== null) await journal.recordIn(tx, {}, [{ kind: 'key.revoked', key: id, by: operatorOf(request) }]);
          return key;
        });
        if (revoked === null) throw new ImprimaturError('NOT_FOUND');
        return show(revoked);
      },
    });
  };
}

/** @throws ImprimaturError REQUEST_INVALID, AUTH_FORBIDDEN */
function wishOf(body: z.output<typeof newKey>, request: FastifyRequest): NewKey {
  const { name, application, expires_at: expiresAt = null, scopes = null } = body;
  const common = { name, application, expiresAt, madeBy: operatorOf(request) };
  const roles = body.roles ?? (body.role === 'operator' ? (['operator'] as const) : null);
  if (roles !== null) {
    if (body.role === 'caller') throw invalid('roles', 'Roles belong to a staff key.');
    if (scopes !== null) throw invalid('scopes', "Scopes belong to a caller's key.");
    requireMayGive(roles, request);
    return { ...common, role: 'operator', surface: 'operator', roles };
  }
  return { ...common, role: 'caller', surface: body.surface, scopes };
}

/** @throws ImprimaturError REQUEST_INVALID */
async function requireSurface(db: Queryable, surface: string, configured: readonly string[]): Promise<void> {
  const known = (await listSurfaces(db, configured)).map(({ id }) => id);
  if (!known.includes(surface)) throw invalid('surface', `There are the surfaces ${known.join(', ')}.`);
}

/**
 * Where applications are registered, a key belongs to one of them: rules about its end users would not bind a name that nobody registered.
 * @throws ImprimaturError REQUEST_INVALID
 */
async function requireApplication(db: Queryable, application: string): Promise<void> {
  const known = (await listApplications(db)).map(({ id }) => id);
  if (known.length === 0 || known.includes(application)) return;
  throw invalid('application', `There are the applications ${known.join(', ')}.`);
}

function invalid(param: string, hint: string): ImprimaturError {
  return new ImprimaturError('REQUEST_INVALID', { hint, param });
}

/** @throws ImprimaturError NOT_FOUND */
function keyId(id: string): KeyId {
  if (!isId('key', id)) throw new ImprimaturError('NOT_FOUND');
  return id;
}

function show(key: ApiKey) {
  return {
    object: 'key' as const,
    id: key.id,
    name: key.name,
    role: key.role,
    roles: key.roles,
    scopes: key.scopes,
    application: key.application,
    surface: key.surface,
    last_four: key.lastFour,
    lineage: key.lineage,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
