import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type CaseId, isId } from '../../contracts/ids.ts';
import { GOLD_STATES, type GoldItem, listGold, makeGold, retireGold } from '../../review/quality/gold-store.ts';
import { CASE_DECISIONS } from '../../review/transitions.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';
import { calibrationRoutes } from './calibrations.ts';
import { exportsRoutes } from './exports.ts';
import { qualityRoutes } from './quality.ts';
import { welfareRoutes } from './welfare.ts';

const tag = 'Quality';
const newGold = z
  .strictObject({
    case_id: z.string().max(64),
    decision: z.enum(CASE_DECISIONS),
    policy: z.string().max(200).nullable().default(null),
    rationale: z.string().trim().min(1).max(4_000).describe('Why this is right, in words that teach.'),
  })
  .meta({ id: 'NewGoldCase' });

const gold = z
  .object({
    object: z.literal('gold_case'),
    id: z.string(),
    case_id: z.string(),
    decision: z.string(),
    policy: z.string().nullable(),
    rationale: z.string(),
    state: z.enum(GOLD_STATES),
    shown: z.number().describe('How often somebody met it.'),
    made_by: z.string(),
    made_at: timeAnswer,
  })
  .meta({ id: 'GoldCase' });

/** What leads do for quality, what reviewers do for themselves, and what both read. */
export function reviewQualityRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    for (const routes of [qualityRoutes, goldRoutes, calibrationRoutes, welfareRoutes, exportsRoutes])
      await app.register(routes(parts, authenticate));
  };
}

/** Cases whose right answer is known. Whoever reviews meets them as ordinary cases; only leads learn which they are. */
function goldRoutes({ db, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'quality.manage'));
    route(app, {
      method: 'GET',
      url: '/v1/quality/gold',
      tag,
      summary: 'Gold cases and candidates, newest first',
      query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
      answer: pageOf(gold),
      handler: async ({ query: { limit } }, request) => {
        const mayKnowRestricted = rolesAllow(staffOf(request).roles, 'cases.restricted');
        return { object: 'list' as const, data: (await listGold(db, { limit, mayKnowRestricted })).map(show), next: null };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/quality/gold',
      tag,
      summary: 'Make a decided case a gold case, or accept a candidate',
      body: newGold,
      answer: gold,
      status: 201,
      handler: async ({ body: { case_id, ...rest } }, request, reply) => {
        const { id: by, roles } = staffOf(request);
        const wish = { ...rest, caseId: caseIdOf(case_id), by, mayKnowRestricted: rolesAllow(roles, 'cases.restricted') };
        return reply.code(201).send(show(await makeGold(wish, { db, journal })));
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/quality/gold/:id/retire',
      tag,
      summary: 'Show it to nobody any more',
      params: z.object({ id: z.string().max(64) }),
      answer: gold,
      handler: async ({ params: { id } }, request) => show(await retireGold(id, operatorOf(request), { db, journal })),
    });
  };
}

function caseIdOf(id: string): CaseId {
  if (isId('case', id)) return id;
  throw new ImprimaturError('NOT_FOUND');
}

function show({ id, caseId, decision, policy, rationale, state, shown, madeBy, madeAt }: GoldItem) {
  return {
    object: 'gold_case' as const,
    id,
    case_id: caseId,
    decision,
    policy,
    rationale,
    state,
    shown,
    made_by: madeBy,
    made_at: madeAt.toISOString(),
  };
}
