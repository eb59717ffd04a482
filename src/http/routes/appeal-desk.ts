import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { APPEAL_STATES, type Appeal, findAppeal, type ListedAppeal, listAppeals, openAppeal } from '../../review/appeals/appeal-store.ts';
import { isHidden } from '../../review/sight.ts';
import { negativeDecision } from '../../review/statements/statement-store.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { appealAnswer, showAppeal } from '../show-appeal.ts';
import { staffOf } from '../staff-of.ts';
import { statementAnswer, statementSchema } from '../statement-answer.ts';

const tag = 'Appeals';
const params = z.object({ id: z.string().max(64) });
const query = z.object({
  status: z.enum([...APPEAL_STATES, 'decided', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(64).optional(),
});

const listed = appealAnswer
  .extend({ case_id: z.string(), kind: z.literal('appeal'), opened_at: timeAnswer, due_at: timeAnswer.nullable(), summary: z.string() })
  .meta({ id: 'ListedAppeal' });
const read = appealAnswer
  .extend({
    case_id: z.string(),
    text: z.string().nullable().describe('What the appellant wrote; null where it was deleted.'),
    has_email: z.boolean(),
    statement: statementSchema.nullable(),
  })
  .meta({ id: 'ReadAppeal' });

/** Appeals as staff see them. They are decided like any case. */
export function appealDeskRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, evidence } = parts;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/appeals',
      tag,
      summary: 'Appeals, newest first, for staff',
      query,
      onRequest: permitted(authenticate, 'appeals.decide'),
      answer: pageOf(listed),
      handler: async ({ query: { status, limit, after } }, request) => {
        const restricted = rolesAllow(staffOf(request).roles, 'cases.restricted');
        const data = await listAppeals(db, { states: statesOf(status), limit, after, restricted });
        return { object: 'list' as const, data: data.map(showListed), next: data.length === limit ? (data.at(-1)?.id ?? null) : null };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/appeals/:id',
      tag,
      summary: 'One appeal with what the appellant wrote and the reasons of the decision, for staff. Each look is in the ledger',
      params,
      onRequest: permitted(authenticate, 'appeals.decide'),
      answer: read,
      handler: async ({ params: { id } }, request) => {
        const found = isId('apl', id) ? await findAppeal(db, id) : null;
        const staff = staffOf(request);
        if (found === null || (await isHidden(db, found.generation_id, staff))) throw new ImprimaturError('NOT_FOUND');
        const decision = await negativeDecision(db, found.decision_id);
        await parts.journal.record({}, [{ kind: 'appeal.read', appeal: found.id, by: `operator:${staff.id}` }]);
        const wrote = await openAppeal(found, evidence);
        return {
          ...showAppeal(found),
          case_id: found.case_id,
          text: wrote?.statement ?? null,
          has_email: wrote?.email != null,
          statement: decision === null ? null : await statementAnswer(decision, request.headers['accept-language'], parts),
        };
      },
    });
  };
}

function statesOf(status: z.output<typeof query>['status']): readonly Appeal['state'][] {
  if (status === 'all') return APPEAL_STATES;
  return status === 'decided' ? APPEAL_STATES.filter((one) => one !== 'open') : [status];
}

/** As the console reads every list of cases. */
function showListed(one: ListedAppeal) {
  const summary = one.categories.length === 0 ? 'appeal' : `appeal: ${one.categories.join(', ')}`;
  return {
    ...showAppeal(one),
    case_id: one.case_id,
    kind: 'appeal' as const,
    opened_at: one.filed_at.toISOString(),
    due_at: one.first_due_at?.toISOString() ?? null,
    summary,
  };
}
