import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { endException, listExceptions, type StoredException } from '../../policy/history/exception-store.ts';
import { boardsVotes, votesOfCases } from '../../review/approvals.ts';
import { askException } from '../../settle/ask-approval.ts';
import { type Authenticate, operatorOf, permitted, requireFresh } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { approvalAnswer, showVote } from '../show-policy.ts';

const tag = 'Policy';
const body = z
  .strictObject({
    rule: z
      .string()
      .regex(/^[\w:.-]{1,100}$/)
      .describe(
        'A rule of the policy in force that holds or blocks, or a threshold such as `threshold:hate:hold`. Floors have no exception.',
      ),
    surface: z.string().min(1).max(63),
    application: z.string().min(1).max(100).nullish().describe('Left out: every application of the surface.'),
    reason: z.string().trim().min(1).max(2000).describe('Why; for the boards. No names.'),
    until: z.iso.datetime({ offset: true }).describe('It ends by itself then. Within 90 days.'),
  })
  .meta({ id: 'NewException' });

const answer = z.object({
  object: z.literal('exception'),
  id: z.string(),
  state: z.enum(['asked', 'open', 'rejected', 'ended', 'lapsed']),
  policy: z.string().describe('The digest of the policy that it is from; with another policy it ends.'),
  rule: z.string(),
  surface: z.string(),
  application: z.string().nullable(),
  reason: z.string(),
  until: z.string(),
  asked_by: z.string(),
  asked_at: z.string(),
  case_id: z.string(),
  open_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  ended_by: z.string().nullable(),
  approvals: z.array(approvalAnswer),
});

/** Exceptions from the policy in force: boards open them, and they end by themselves. */
export function exceptionsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, desk, policy, policies, config } = parts;
  const shown = async (found: readonly StoredException[]) => {
    const votes =
      found.length === 0
        ? []
        : await votesOfCases(
            db,
            found.map((one) => one.case_id),
          );
    return found.map((one) => ({
      ...show(one),
      approvals: boardsVotes(votes.filter((vote) => vote.case_id === one.case_id)).map(showVote),
    }));
  };

  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/exceptions',
      tag,
      summary: 'Exceptions from the policy: asked for, open, and over',
      onRequest: permitted(authenticate, 'policies.read'),
      answer: z.object({ object: z.literal('list'), data: z.array(answer), next: z.null() }),
      handler: async () => ({ object: 'list' as const, data: await shown(await listExceptions(db)), next: null }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/exceptions',
      tag,
      summary: 'Ask the boards that a rule stop nothing on a surface for a while. It opens when legal, privacy and product have approved',
      body,
      onRequest: permitted(authenticate, 'policies.propose'),
      answer: z.object({ object: z.literal('approval'), what: z.literal('exception'), id: z.string(), case_id: z.string() }),
      status: 202,
      handler: async ({ body: { rule, surface, application, reason, until } }, request, reply) => {
        requireFresh(request, 15);
        if (!config.values.surfaces.includes(surface))
          throw new ImprimaturError('REQUEST_INVALID', { param: 'surface', hint: `There is no surface "${surface}".` });
        const wish = { rule, surface, application: application ?? null, reason, until: new Date(until), by: operatorOf(request) };
        const { id, caseId } = await askException(wish, { db, journal, queues: desk.queues, policy });
        return reply.code(202).send({ object: 'approval' as const, what: 'exception', id, case_id: caseId });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/exceptions/:id/end',
      tag,
      summary: 'End an exception before its time. Nobody has to approve that',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({}).nullish(),
      onRequest: permitted(authenticate, 'policies.propose'),
      answer: answer,
      handler: async ({ params: { id } }, request) => {
        const by = operatorOf(request);
        const ended = await db.transaction(async (tx) => {
          const one = await endException(tx, id, by);
          if (one === null) throw new ImprimaturError('NOT_FOUND');
          await journal.recordIn(tx, {}, [{ kind: 'exception.ended', exception: one.id, rule: one.rule, by: `operator:${by}` }]);
          return one;
        });
        await policies.refresh();
        const [one] = await shown([ended]);
        if (one === undefined) throw new ImprimaturError('NOT_FOUND');
        return one;
      },
    });
  };
}

function show(one: StoredException) {
  const { id, state, digest: policy, rule, surface, application, reason, asked_by, case_id, ended_by } = one;
  return {
    object: 'exception' as const,
    ...{ id, state, policy, rule, surface, application, reason, asked_by, case_id, ended_by },
    until: one.until.toISOString(),
    asked_at: one.asked_at.toISOString(),
    open_at: one.open_at?.toISOString() ?? null,
    ended_at: one.ended_at?.toISOString() ?? null,
  };
}
