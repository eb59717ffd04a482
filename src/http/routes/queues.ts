import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { samePersonAs } from '../../access/same-person.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { claimNext } from '../../review/leases.ts';
import { countQueues } from '../../review/queue-counts.ts';
import { visibleQueues } from '../../review/sight.ts';
import { mayReview, withheldFrom } from '../../review/welfare/may-review.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { caseAnswer, leaseAnswer, showCase, showLease } from '../show-case.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Cases';

const queue = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    pending: z.number(),
    mine: z.number(),
    oldest_at: timeAnswer.nullable(),
    first_due_at: timeAnswer.nullable(),
    forecast: z
      .object({ breaches_next_4h: z.number(), first_breach_at: timeAnswer.nullable(), people: z.number(), handling_seconds: z.number() })
      .nullable(),
    eligible: z.boolean().describe('Whether whoever asks may be given a case of it now.'),
    blocked_because: z
      .object({ because: z.enum(['break', 'budget', 'rotation', 'opt_out']), text: z.string(), resumes_at: timeAnswer.nullable() })
      .nullable(),
  })
  .meta({ id: 'Queue' });

/** The lines that cases wait in, as far as the asker may know of them. */
export function queuesRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, review, forecastQueues } = parts;
  const onRequest = permitted(authenticate, 'cases.read');
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/queues',
      tag,
      summary: 'Queues with what waits in them, the one that breaks a deadline first on top',
      onRequest,
      answer: pageOf(queue),
      handler: async (_, request) => {
        const staff = staffOf(request);
        const queues = visibleQueues(staff, review.queues);
        const [counts, forecasts, may] = await Promise.all([
          countQueues(db, queues, staff.id),
          forecastQueues?.() ?? new Map<string, never>(),
          mayReview(db, staff.id, [], parts.team.welfare),
        ]);
        const data = queues.map(({ id, name, description, decides }) => {
          const { pending = 0, mine = 0, oldestAt = null, firstDueAt = null } = counts.get(id) ?? {};
          const isEligible = may.allowed && rolesAllow(staff.roles, decides);
          return {
            id,
            name,
            description,
            pending,
            mine,
            oldest_at: oldestAt?.toISOString() ?? null,
            first_due_at: firstDueAt?.toISOString() ?? null,
            forecast: forecasts.get(id) ?? null,
            eligible: isEligible,
            blocked_because: may.allowed
              ? null
              : { because: may.because, text: may.text, resumes_at: may.resumesAt?.toISOString() ?? null },
          };
        });
        return { object: 'list' as const, data: data.toSorted(byUrgency), next: null };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/queues/:id/next',
      tag,
      summary: 'The most urgent case of a queue, claimed; 204 when nothing waits',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({}).nullish(),
      onRequest,
      answer: z.object({ case: caseAnswer, lease: leaseAnswer }),
      status: [200, 204],
      handler: async ({ params: { id } }, request, reply) => {
        const staff = staffOf(request);
        const asked = visibleQueues(staff, review.queues).find((one) => one.id === id);
        if (asked === undefined) throw new ImprimaturError('NOT_FOUND');
        if (!rolesAllow(staff.roles, asked.decides)) {
          throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `This needs a role with "${asked.decides}".` });
        }
        const [without, names] = await Promise.all([withheldFrom(db, staff.id, parts.team.welfare), samePersonAs(db, staff.id)]);
        const next = without === 'everything' ? null : await claimNext(db, { queue: id, staff: staff.id, names, without });
        if (next === null) return reply.status(204).send(undefined);
        return { case: showCase(next.found, staff), lease: showLease(next.lease) };
      },
    });
  };
}

interface Urgency {
  readonly first_due_at: string | null;
  readonly oldest_at: string | null;
}

/** First broken deadline, then oldest case, then what is empty. */
function byUrgency(a: Urgency, b: Urgency): number {
  const of = ({ first_due_at: due, oldest_at: oldest }: Urgency) => `${due ?? '9'} ${oldest ?? '9'}`;
  return of(a).localeCompare(of(b));
}
