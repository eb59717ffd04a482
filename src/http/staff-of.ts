import type { FastifyRequest } from 'fastify';
import type { Staff } from '../review/sight.ts';
import { operatorOf } from './authenticate.ts';

/** The member of staff who asks, with the roles of this moment. @throws ImprimaturError AUTH_FORBIDDEN */
export function staffOf(request: FastifyRequest): Staff {
  return { id: operatorOf(request), roles: request.principal?.kind === 'staff' ? request.principal.roles : [] };
}
