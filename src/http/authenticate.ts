import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '../access/api-key.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Caller } from '../contracts/submission.ts';
import type { Principal } from './parts.ts';

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
    return key.role === 'operator'
      ? { kind: 'operator', keyId: key.id }
      : { kind: 'caller', caller: { keyId: key.id, application: key.application, surface: key.surface } };
  };
}

type Hook = (request: FastifyRequest) => Promise<void>;

/** Hook for routes that make pictures. An operator key belongs to no surface. @throws ImprimaturError AUTH_FORBIDDEN */
export function callersOnly(authenticate: Authenticate): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
    callerOf(request);
  };
}

/** Hook for routes that run the gateway. @throws ImprimaturError AUTH_FORBIDDEN for a caller's key. */
export function operatorsOnly(authenticate: Authenticate): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
    operatorOf(request);
  };
}

/** Hook for routes open to anyone with a key. */
export function anyKey(authenticate: Authenticate): Hook {
  return async (request) => {
    request.principal = await authenticate(request);
  };
}

export function callerOf({ principal }: FastifyRequest): Caller {
  if (principal?.kind === 'caller') return principal.caller;
  throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'Use the key of a surface; an operator key makes no pictures.' });
}

export function operatorOf({ principal }: FastifyRequest): ApiKey['id'] | 'local' {
  if (principal?.kind === 'operator') return principal.keyId;
  throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'This needs an operator key.' });
}
