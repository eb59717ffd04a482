import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { BOARDS, openApproval } from '../../review/approvals.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const body = z
  .strictObject({
    what: z
      .literal('launch')
      .describe(
        'A capability is to be on for all. Policies and exceptions are asked for at their own addresses: /v1/policies, /v1/exceptions.',
      ),
    ids: z.strictObject({ capability: z.string().regex(/^[\w.:+/*-]{1,200}$/) }).describe('The capability, as `GET /v1/gates` names it.'),
  })
  .meta({ id: 'NewApproval' });

const asked = z.object({
  object: z.literal('approval'),
  case_id: z.string(),
  what: body.shape.what,
  ids: body.shape.ids,
  boards: z.array(z.enum(BOARDS)),
});

/** What boards are asked to approve. Each votes by a decision on the case. */
export function approvalsRoutes({ db, journal, desk }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/approvals',
      tag: 'Cases',
      summary:
        'Ask the boards legal, privacy and product for the launch of a capability: opens a case, and its gate is on when all three have approved',
      body,
      onRequest: permitted(authenticate, 'policies.propose'),
      answer: asked,
      status: 201,
      handler: async ({ body: { what, ids } }, request, reply) => {
        const by = operatorOf(request);
        const caseId = await db.transaction((tx) => openApproval(tx, { what, ids, boards: BOARDS, by }, { journal, queues: desk.queues }));
        return reply.code(201).send({ object: 'approval' as const, case_id: caseId, what, ids, boards: BOARDS });
      },
    });
  };
}
