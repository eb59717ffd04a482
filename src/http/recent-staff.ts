import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Permission, rolesAllow } from '../access/permissions.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { type Authenticate, type Hook, permitted } from './authenticate.ts';
import type { Principal } from './parts.ts';

/** Staff whom this process let in lately, known again by what they showed. */
export interface RecentStaff {
  /** Lets in as before, and remembers staff. */
  readonly authenticate: Authenticate;
  /**
   * Like `permitted`; but when the database cannot be asked who somebody is, staff of the last ten minutes are let in. Only for what makes things
   * safer: a key that was revoked meanwhile could do it, too.
   */
  permittedInEmergency(permission: Permission): Hook;
}

const REMEMBERED_MS = 10 * 60_000;
const MOST = 1_000;

export function createRecentStaff(authenticate: Authenticate): RecentStaff {
  const recent = new Map<string, { readonly principal: Principal; readonly at: number }>();

  async function remembering(request: FastifyRequest): Promise<Principal> {
    const principal = await authenticate(request);
    if (principal.kind === 'staff') {
      if (recent.size >= MOST) recent.clear();
      recent.set(shown(request), { principal, at: performance.now() });
    }
    return principal;
  }

  return {
    authenticate: remembering,
    permittedInEmergency(permission) {
      const usual = permitted(remembering, permission);
      return async (request) => {
        try {
          await usual(request);
        } catch (error) {
          const known = recent.get(shown(request));
          const isAway = error instanceof ImprimaturError && error.code === 'STORAGE_UNAVAILABLE';
          if (!isAway || known === undefined || performance.now() - known.at > REMEMBERED_MS) throw error;
          if (known.principal.kind !== 'staff' || !rolesAllow(known.principal.roles, permission)) throw error;
          request.principal = known.principal;
        }
      };
    },
  };
}

/** Digest of the credentials; a cookie with the token that only our own pages can read and send. */
function shown({ headers }: FastifyRequest): string {
  const { authorization = '', cookie = '' } = headers;
  const token = headers['x-csrf-token'] ?? '';
  return createHash('sha256')
    .update(JSON.stringify([authorization, cookie, authorization === '' ? token : '']))
    .digest('base64');
}
