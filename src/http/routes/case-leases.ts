import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { claimCase, heartbeat, returnLease } from '../../review/leases.ts';
import { requireDecider } from '../../review/sight.ts';
import { leaveCase, viewCase } from '../../review/viewers.ts';
import { mayReview } from '../../review/welfare/may-review.ts';
import { aboutCases } from '../about-cases.ts';
import type { Authenticate } from '../authenticate.ts';
import { leaseBody } from '../case-body.ts';
import { timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { caseAnswer, leaseAnswer, showCase, showLease } from '../show-case.ts';
import { staffOf } from '../staff-of.ts';

const ok = z.object({});

/** Who works on a case: take it, keep it, give it back. */
export function caseLeasesRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, review } = parts;
  const { about, seen } = aboutCases(parts, authenticate);

  return async (app) => {
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/claim',
      summary: 'Take a case: nobody else gets it while the lease runs',
      body: ok.nullish(),
      answer: leaseAnswer,
      handler: async ({ params: { id } }, request) => {
        const found = await seen(id, request);
        const staff = staffOf(request);
        await requireDecider(db, staff, found, review.queues);
        const may = await mayReview(db, staff.id, found.categories, parts.team.welfare);
        if (!may.allowed) throw new ImprimaturError('REVIEW_PAUSED', { hint: may.text });
        return showLease(await claimCase(db, { caseId: found.id, staff: staff.id }));
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/heartbeat',
      summary: 'Still there: the lease runs on',
      body: leaseBody,
      answer: z.object({ until: timeAnswer }),
      handler: async ({ params: { id }, body }, request) => {
        const found = await seen(id, request);
        const until = await heartbeat(db, { ...body, caseId: found.id, staff: staffOf(request).id });
        return { until: until.toISOString() };
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/presence',
      summary: 'The page is open, or was closed; who else looks at the case. Asked again at least each minute',
      body: z.object({ leaves: z.boolean().default(false) }),
      answer: z.object({ viewers: z.array(z.object({ who: z.string(), since: z.string() })) }),
      handler: async ({ params: { id }, body: { leaves } }, request) => {
        const found = await seen(id, request);
        const by = staffOf(request).id;
        if (leaves) await leaveCase(db, found.id, by);
        const viewers = leaves ? [] : await viewCase(db, found.id, by);
        return { viewers: viewers.map(({ who, since }) => ({ who, since: since.toISOString() })) };
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/release-lease',
      summary: 'Give a case back to its queue',
      body: leaseBody.extend({ reason: z.string().max(200).nullish() }),
      answer: caseAnswer,
      handler: async ({ params: { id }, body: { reason, ...lease } }, request) => {
        const found = await seen(id, request);
        await returnLease(db, { ...lease, caseId: found.id, staff: staffOf(request).id }, reason ?? null);
        return showCase(await seen(id, request), staffOf(request));
      },
    });
  };
}
