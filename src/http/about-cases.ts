import type { FastifyRequest } from 'fastify';
import type { ReviewCase } from '../review/case-store.ts';
import { caseFor } from '../review/sight.ts';
import { type Authenticate, permitted } from './authenticate.ts';
import { caseParams } from './case-body.ts';
import type { HttpParts } from './parts.ts';
import { staffOf } from './staff-of.ts';

/** What every route about one case has: its name in the address, who may ask, and the case as far as they may learn of it. */
export function aboutCases({ db, review }: Pick<HttpParts, 'db' | 'review'>, authenticate: Authenticate) {
  return {
    about: { tag: 'Cases', params: caseParams, onRequest: permitted(authenticate, 'cases.read') } as const,
    /** @throws ImprimaturError NOT_FOUND, also when the case is there and not for the asker to know of */
    seen: (id: string, request: FastifyRequest): Promise<ReviewCase> => caseFor(db, id, staffOf(request), review.queues),
  };
}
