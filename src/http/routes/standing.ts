import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { MEASURES, type Measure, measuresOf, peopleNamed } from '../../access/standing/measure.ts';
import { shownMeasure, standingOf } from '../../access/standing/shown-measure.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { recordLook } from '../../review/looks.ts';
import type { Staff } from '../../review/sight.ts';
import { actOnUser, liftAll } from '../../settle/act-on-user.ts';
import type { Queryable } from '../../storage/database.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'End users';
const params = z.object({
  pseudonym: z.string().regex(/^[0-9a-f]{12,64}$/, 'twelve to 64 characters of 0–9 and a–f, as a case shows them'),
});
const reason = z.string().trim().min(1).max(1000);
const ACTIONS = ['warn', 'strike', 'step_up'] as const;

const measure = z.object({
  object: z.literal('measure'),
  id: z.string(),
  action: z.enum(MEASURES),
  in_force: z.boolean(),
  until: z.string().nullable(),
  reasons: z.array(z.string()),
  case_id: z.string().nullable(),
  generation_id: z.string().nullable(),
  decision_id: z.string().nullable(),
  by: z.string().nullable(),
  at: z.string(),
  lifted: z.object({ at: z.string(), by: z.string().nullable(), reason: z.string().nullable() }).nullable(),
});
const answer = z
  .object({
    object: z.literal('user_standing'),
    pseudonym: z.string(),
    application: z.string(),
    standing: z.enum(['good', 'banned', 'suspended', 'step_up', 'limited']),
    measures: z.array(measure),
  })
  .meta({ id: 'UserStanding' });

/** What was done about an end user. What shuts somebody out is decided on a case; here it is seen and lifted. */
export function standingRoutes({ db, journal, policy }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  async function tell(pseudonym: string, staff: Staff) {
    const person = await personNamed(db, pseudonym);
    const measures = await measuresOf(db, person.userDigest);
    return show(person, measures, rolesAllow(staff.roles, 'cases.restricted'));
  }

  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/users/:pseudonym/standing',
      tag,
      summary: 'How an end user stands: warnings, strikes, limits, suspensions, bans, and who lifted them why',
      params,
      answer,
      onRequest: permitted(authenticate, 'search.read'),
      handler: async ({ params: { pseudonym } }, request) => {
        const staff = staffOf(request);
        await recordLook(db, { by: staff.id, what: 'search', target: pseudonym });
        return tell(pseudonym, staff);
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/users/:pseudonym/standing',
      tag,
      summary: 'Warn an end user, note a strike, or have them verified by the platform before their next picture',
      params,
      answer,
      body: z.strictObject({ action: z.enum(ACTIONS), reason }).meta({ id: 'UserMeasureWish' }),
      onRequest: permitted(authenticate, 'standing.write'),
      handler: async ({ params: { pseudonym }, body }, request) => {
        const staff = staffOf(request);
        const person = await personNamed(db, pseudonym);
        const nothing = { days: null, caseId: null, caseDecisionId: null, about: null, categories: [] };
        const act = { ...person, ...nothing, action: body.action, reasons: [body.reason], by: staff.id };
        await db.transaction((tx) => actOnUser(tx, act, { journal, policy }));
        return tell(pseudonym, staff);
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/users/:pseudonym/standing/lift',
      tag,
      summary: 'End what stands in the way of an end user, or one measure of it; effective with their next request',
      params,
      answer,
      body: z
        .strictObject({ reason, measure: z.string().max(64).optional().describe('Left out: everything that is in force.') })
        .meta({ id: 'UserMeasureLift' }),
      onRequest: permitted(authenticate, 'standing.write'),
      handler: async ({ params: { pseudonym }, body }, request) => {
        const staff = staffOf(request);
        const { userDigest } = await personNamed(db, pseudonym);
        await db.transaction(async (tx) => {
          const asked = (await measuresOf(tx, userDigest)).filter(({ id }) => body.measure === undefined || id === body.measure);
          requireCleared(asked, staff);
          const ids = asked.map(({ id }) => id);
          const lifted = await liftAll(tx, ids, { by: staff.id, reason: body.reason }, journal);
          if (lifted.length === 0) throw new ImprimaturError('NOT_FOUND', { hint: 'Nothing of that is in force.' });
        });
        return tell(pseudonym, staff);
      },
    });
  };
}

/** @throws ImprimaturError NOT_FOUND; REQUEST_INVALID where the characters stand for several people */
async function personNamed(db: Queryable, pseudonym: string) {
  const [person, ...others] = await peopleNamed(db, pseudonym);
  if (person === undefined) throw new ImprimaturError('NOT_FOUND', { hint: 'Nobody of that pseudonym was in a case or acted on.' });
  if (others.length === 0) return person;
  throw new ImprimaturError('REQUEST_INVALID', { param: 'pseudonym', hint: 'It stands for several people; give more of its characters.' });
}

/** @throws ImprimaturError AUTH_FORBIDDEN */
function requireCleared(measures: readonly Measure[], { roles }: Staff): void {
  if (measures.some(({ restricted }) => restricted) && !rolesAllow(roles, 'cases.restricted')) {
    throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'Some of it needs a role with "cases.restricted". Name another measure.' });
  }
}

function show(
  { application, userDigest }: { application: string; userDigest: string },
  measures: readonly Measure[],
  isCleared: boolean,
): z.output<typeof answer> {
  const at = new Date();
  return {
    object: 'user_standing' as const,
    pseudonym: userDigest,
    application,
    standing: standingOf(measures, at),
    measures: measures.map((one) => shownMeasure(one, at, isCleared)),
  };
}
