import type { FastifyRequest } from 'fastify';
import type { ApiKey, CallerScope } from '../access/api-key.ts';
import type { ClaimReader } from '../access/claims/claim-reader.ts';
import { type Permission, rolesAllow } from '../access/permissions.ts';
import type { Session } from '../access/session-store.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { StaffId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
import type { Caller } from '../contracts/submission.ts';
import type { Principal } from './parts.ts';
import { requireSamePage } from './same-page.ts';
import { sessionTokenOf } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null until the route's hook has found out. */
    principal: Principal | null;
  }
}

/** How a door knows whom it lets in. The control socket lets in whoever can open it; the file system guards it. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>;

/** `Authorization: Bearer <key>`. @throws ImprimaturError AUTH_MISSING, AUTH_INVALID */
export function byApiKey(findKey: (token: string) => Promise<ApiKey | null>): Authenticate {
  return async (request) => {
    const token = /^Bearer +(\S{8,256})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new ImprimaturError('AUTH_MISSING');
    const key = await findKey(token);
    if (key === null) throw new ImprimaturError('AUTH_INVALID');
    if (key.role === 'operator') return { kind: 'staff', id: key.lineage, roles: key.roles };
    const { lineage, application, surface, scopes } = key;
    return { kind: 'caller', caller: { keyId: lineage, application, surface }, ...(scopes === null ? {} : { scopes }) };
  };
}

interface DoorParts {
  readonly findKey: (token: string) => Promise<ApiKey | null>;
  readonly access: { readonly findSession: (token: string) => Promise<Session | null>; readonly claims: Pick<ClaimReader, 'read'> };
  readonly baseUrl: () => string;
}

/** By key, or by the cookie of a session, whose requests must come from our own pages. A key that is sent counts alone. */
export function byKeyOrSession({ findKey, access, baseUrl }: DoorParts): Authenticate {
  const byKey = byApiKey(findKey);
  return async (request) => {
    const base = baseUrl();
    const token = request.headers.authorization === undefined ? sessionTokenOf(request, base) : null;
    if (token === null) return withUser(await byKey(request), request, access.claims);
    requireSamePage(request, { sessionToken: token, baseUrl: base });
    const session = await access.findSession(token);
    if (session === null) throw new ImprimaturError('SESSION_OVER');
    return { kind: 'staff', id: session.user, roles: session.roles, session: { ...session, token } };
  };
}

/** The caller, with the end user that its platform vouches for. @throws ImprimaturError USER_CLAIM_INVALID */
async function withUser(principal: Principal, request: FastifyRequest, claims: Pick<ClaimReader, 'read'>): Promise<Principal> {
  if (principal.kind !== 'caller') return principal;
  const header = request.headers['imprimatur-user'];
  const { user, toUse, isMissing } = await claims.read(principal.caller, header === undefined ? undefined : String(header));
  if (user === undefined) return isMissing === true ? { ...principal, claim: 'missing' } : principal;
  return { ...principal, caller: { ...principal.caller, user }, ...(toUse === undefined ? {} : { claim: toUse }) };
}

export type Hook = (request: FastifyRequest) => Promise<void>;

/** Hook for routes that make pictures. An operator key belongs to no surface. @throws ImprimaturError AUTH_FORBIDDEN */
export function callersOnly(authenticate: Authenticate, ...scopes: readonly CallerScope[]): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
    callerOf(request);
    for (const scope of scopes) requireScope(request, scope);
  };
}

/** Hook for routes that all staff have, such as those about oneself. @throws ImprimaturError AUTH_FORBIDDEN for a caller's key. */
export function operatorsOnly(authenticate: Authenticate): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
    operatorOf(request);
  };
}

/** Hook for routes that one permission of the roles' table opens. @throws ImprimaturError AUTH_FORBIDDEN that names the permission */
export function permitted(authenticate: Authenticate, permission: Permission): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
    requirePermission(request, permission);
  };
}

/** The member of staff who asks, if one of their roles brings the permission. @throws ImprimaturError AUTH_FORBIDDEN */
export function requirePermission(request: FastifyRequest, permission: Permission): StaffId {
  const id = operatorOf(request);
  if (!rolesAllow(rolesOf(request), permission))
    throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `This needs a role with "${permission}".` });
  return id;
}

/** Empty for a caller. */
export function rolesOf({ principal }: FastifyRequest): readonly StaffRole[] {
  return principal?.kind === 'staff' ? principal.roles : [];
}

/**
 * For the gravest acts: a person must have proved who they are within so many minutes. Programs prove it with each request.
 * @throws ImprimaturError REAUTHENTICATION_REQUIRED
 */
export function requireFresh({ principal }: FastifyRequest, minutes: number): void {
  if (principal?.kind !== 'staff' || principal.session === undefined) return;
  const { signedInAt } = principal.session;
  if (signedInAt === null || signedInAt.getTime() + minutes * 60_000 < Date.now()) throw new ImprimaturError('REAUTHENTICATION_REQUIRED');
}

/** Hook for routes open to anyone with a key, as far as the key's scopes go. */
export function anyKey(authenticate: Authenticate, scope?: CallerScope): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
    if (scope !== undefined) requireScope(request, scope);
  };
}

function requireScope({ principal }: FastifyRequest, scope: CallerScope): void {
  const scopes = principal?.kind === 'caller' ? principal.scopes : undefined;
  if (scopes === undefined || scopes.includes(scope)) return;
  throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `This key is not for "${scope}".` });
}

export function callerOf({ principal }: FastifyRequest): Caller {
  if (principal?.kind === 'caller') return principal.caller;
  throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'Use the key of a surface; an operator key makes no pictures.' });
}

export function operatorOf({ principal }: FastifyRequest): StaffId {
  if (principal?.kind === 'staff') return principal.id;
  throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'This needs an operator key.' });
}
