import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import type { Clock } from '../../review/clocks/clock.ts';
import { BASES, SAFE_OUTCOMES } from '../../review/clocks/obligation.ts';
import { obligationsUnder } from '../../review/clocks/obligations.ts';
import { pauseClock, resumeClock } from '../../review/clocks/pause-clock.ts';
import { shownClock } from '../../review/dossier/shown-clock.ts';
import { CASE_KINDS } from '../../review/queues.ts';
import { caseFor } from '../../review/sight.ts';
import type { Queryable } from '../../storage/database.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { pageOf } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { clockAnswer } from '../show-dossier.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Clocks';
const params = z.object({ id: z.string().max(64), clock: z.string().max(64) });
const body = z.strictObject({ reason: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a code such as "waiting-for-reporter"') });

const VERBS = { pause: pauseClock, resume: resumeClock } as const;

const obligation = z
  .object({
    object: z.literal('obligation'),
    id: z.string(),
    name: z.string(),
    law: z.string().nullable(),
    source: z.string().nullable(),
    grade: z.enum(['text', 'excerpt', 'summary', 'knowledge', 'own']).describe('How well the number is known.'),
    trigger: z.string(),
    duration: z.string().describe('ISO 8601'),
    zone: z.string(),
    is_statutory: z.boolean(),
    safe_outcome: z.enum(SAFE_OUTCOMES),
    from: z.string().nullable(),
    until: z.string().nullable(),
    applies: z.object({
      kinds: z.array(z.enum(CASE_KINDS)),
      bases: z.array(z.enum(BASES)).nullable(),
      categories: z.array(z.enum(CATEGORIES)).nullable(),
      regions: z.array(z.string()).nullable(),
    }),
  })
  .meta({ id: 'Obligation' });

/** Deadlines: which there are, and the pause of those that no law has set; see `docs/clocks.md`. */
const TURNS = [
  {
    method: 'POST',
    url: '/v1/cases/:id/clocks/:clock/pause',
    summary: 'Stop a clock of our own for a while; a clock that a law has set runs on',
    verb: 'pause',
  },
  { method: 'POST', url: '/v1/cases/:id/clocks/:clock/resume', summary: 'Let it run on', verb: 'resume' },
] as const;

export function clocksRoutes({ db, journal, review, policy }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/obligations',
      tag,
      summary: 'Every deadline that a case can have, with the law or target that sets it',
      onRequest: permitted(authenticate, 'policies.read'),
      answer: pageOf(obligation),
      handler: async () => ({ object: 'list' as const, data: obligationsUnder(policy.document.deadlines).map(show), next: null }),
    });
    for (const { verb, ...address } of TURNS) {
      route(app, {
        ...address,
        tag,
        onRequest: permitted(authenticate, 'cases.assign'),
        params,
        body,
        answer: clockAnswer,
        handler: async ({ params: { id, clock }, body: { reason } }, request) => {
          const staff = staffOf(request);
          const found = await caseFor(db, id, staff, review.queues);
          if (!isId('clock', clock)) throw new ImprimaturError('NOT_FOUND');
          const act = async (tx: Queryable): Promise<Clock> => {
            const changed = await VERBS[verb](tx, found.id, clock);
            const entry = {
              kind: `case.clock_${verb}d`,
              case: found.id,
              clock,
              obligation: changed.obligation,
              reason,
              by: `operator:${staff.id}`,
            };
            await journal.recordIn(tx, {}, [entry]);
            return changed;
          };
          return shownClock(await db.transaction(act), policy);
        },
      });
    }
  };
}

function show({
  id,
  name,
  law,
  source,
  grade,
  trigger,
  duration,
  zone,
  isStatutory,
  safeOutcome,
  from,
  until,
  applies,
}: ReturnType<typeof obligationsUnder>[number]) {
  return {
    object: 'obligation' as const,
    ...{ id, name, law, source, grade, trigger, duration, zone },
    is_statutory: isStatutory,
    safe_outcome: safeOutcome,
    ...{ from, until },
    applies: {
      kinds: applies.kinds,
      bases: applies.bases ?? null,
      categories: applies.categories ?? null,
      regions: applies.regions ?? null,
    },
  };
}
