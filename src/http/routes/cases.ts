import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { findCase, listCases, type ReviewCase } from '../../review/case-store.ts';
import { reviewCase } from '../../review-case.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Cases';
const params = z.object({ id: z.string() });
const query = z.object({
  status: z.enum(['open', 'released', 'blocked']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const decision = z.object({ decision: z.enum(['release', 'block']) }).meta({ id: 'CaseDecision' });

/** Held generations, for operators, until the review console exists. */
export function casesRoutes({ db, review }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  async function caseById(id: string): Promise<ReviewCase> {
    const found = isId('case', id) ? await findCase(db, id) : null;
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    return found;
  }

  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/cases',
      tag,
      summary: 'Held generations, oldest first',
      query,
      handler: async ({ query: { status, limit } }) => ({ object: 'list', data: (await listCases(db, status, limit)).map(show) }),
    });
    route(app, {
      method: 'GET',
      url: '/v1/cases/:id',
      tag,
      summary: 'One case',
      params,
      handler: async ({ params: { id } }) => show(await caseById(id)),
    });
    route(app, {
      method: 'POST',
      url: '/v1/cases/:id/decisions',
      tag,
      summary: 'Release or block a held generation',
      params,
      body: decision,
      handler: async ({ params: { id }, body }, request) => {
        const found = await caseById(id);
        await reviewCase({ caseId: found.id, action: body.decision, operator: operatorOf(request) }, review);
        return show(await caseById(id));
      },
    });
  };
}

function show({ id, generationId, stage, decisionId, state, openedAt, closedAt, closedBy }: ReviewCase) {
  return {
    object: 'case',
    id,
    generation_id: generationId,
    stage,
    decision_id: decisionId,
    status: state,
    opened_at: openedAt.toISOString(),
    closed_at: closedAt?.toISOString() ?? null,
    closed_by: closedBy,
  };
}
