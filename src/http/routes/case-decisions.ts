import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { requireRole } from '../../review/sight.ts';
import { decideCluster, undoTogether } from '../../settle/decide-cluster.ts';
import { correctCase, reviewCase } from '../../settle/review-case.ts';
import { aboutCases } from '../about-cases.ts';
import { type Authenticate, requireFresh } from '../authenticate.ts';
import { decisionBody, wishOf } from '../case-body.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { caseAnswer, leaseAnswer, showCase, showLease } from '../show-case.ts';
import { staffOf } from '../staff-of.ts';

const ok = z.object({});

const corrected = caseAnswer.extend({
  waits_for_second: z.boolean().describe('What was said stands, and another person has to say it too before it counts.'),
});
const decided = corrected.extend({
  recorded: z.string().describe('The decision that is on record: under a lease that was used, the earlier one.'),
  cluster: z
    .object({ decided: z.array(z.string()), skipped: z.array(z.string()) })
    .optional()
    .describe('What `apply_to_cluster` did.'),
});

/** What is decided on a case, taken back, corrected. */
export function caseDecisionsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { review } = parts;
  const { about, seen } = aboutCases(parts, authenticate);

  return async (app) => {
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/decisions',
      summary: 'Decide what is held. Asked again under the same lease, it answers what is on record',
      body: decisionBody,
      answer: decided,
      handler: async ({ params: { id }, body }, request) => {
        const found = await seen(id, request);
        // Policies, exceptions and launches hang on these votes.
        if (found.kind === 'approval') requireFresh(request, 15);
        const staff = staffOf(request);
        requireRole(staff, found, review.queues);
        const wish = { ...wishOf(body), caseId: found.id, staff };
        const cluster = body.apply_to_cluster ? await decideCluster(found, wish, review) : null;
        const { decision } = cluster?.recorded ?? (await reviewCase(wish, review));
        // Whoever hands a case on may not be one of those who see it there.
        const now = await seen(id, request).catch(() => found);
        return {
          ...showCase(now, staff),
          recorded: decision.decision,
          // Where it was, and what was said stands: another person has to say it too. Otherwise it was handed on, or what was let go was stopped again.
          waits_for_second: decision.effect === 'none' && decision.decision !== 'escalate' && now.state === found.state,
          ...(cluster === null ? {} : { cluster: { decided: cluster.decided, skipped: cluster.skipped } }),
        };
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/undo',
      summary: 'Take back one’s own decision before it takes effect',
      body: ok.nullish(),
      answer: caseAnswer.extend({ taken: leaseAnswer }),
      handler: async ({ params: { id } }, request) => {
        const found = await seen(id, request);
        const lease = await undoTogether(found.id, staffOf(request), review);
        return { ...showCase(await seen(id, request), staffOf(request)), taken: showLease(lease) };
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/corrections',
      summary: 'Record the right decision beside a wrong one. Where two people have to decide, it waits for another who says the same',
      body: decisionBody,
      answer: corrected,
      handler: async ({ params: { id }, body }, request) => {
        const found = await seen(id, request);
        const staff = staffOf(request);
        requireRole(staff, found, review.queues);
        const { kind } = await correctCase({ ...wishOf(body), lease: null, undoSeconds: 0, caseId: found.id, staff }, review);
        return { ...showCase(await seen(id, request), staff), waits_for_second: kind === 'waits' };
      },
    });
  };
}
