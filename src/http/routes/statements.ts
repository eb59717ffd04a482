import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import type { GenerationRecord } from '../../generations/generation-store.ts';
import { isHidden } from '../../review/sight.ts';
import { dayOf, type ReasonsRecord } from '../../review/statements/reasons-record.ts';
import { type NegativeDecision, negativeDecision, negativeDecisions } from '../../review/statements/statement-store.ts';
import { type Authenticate, anyKey, callerOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';
import { modelStatement, statementAnswer, statementSchema } from '../statement-answer.ts';

const tag = 'Decisions';
const params = z.object({ id: z.string().max(64) });

/** Why something was refused, withheld or taken down (DSA, article 17). */
export function statementsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db } = parts;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/generations/:id/statement',
      tag,
      summary: 'Why a generation was refused, withheld or taken down: in plain words, and as the EU Transparency Database takes it',
      params,
      query: z.object({
        decision: z.string().max(64).optional().describe('Another than the last one: of several decisions about one generation.'),
      }),
      onRequest: anyKey(authenticate),
      answer: statementSchema,
      handler: async ({ params: { id }, query }, request) => {
        const record = await visible(id, request, parts);
        const language = request.headers['accept-language'];
        const all = await negativeDecisions(db, record.id);
        const last =
          query.decision === undefined ? (all.findLast(isAboutContent) ?? all.at(-1)) : all.find((one) => one.id === query.decision);
        if (last !== undefined) return statementAnswer(last, language, parts);
        const refused = query.decision === undefined ? refusedByModel(record) : null;
        if (refused === null) throw new ImprimaturError('NOT_FOUND', { hint: 'Nothing about this generation was refused or taken down.' });
        return modelStatement(refused, record.id, language);
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/statements/:id',
      tag,
      summary: 'The statement of reasons of one decision, for staff',
      params,
      onRequest: permitted(authenticate, 'cases.read'),
      answer: statementSchema,
      handler: async ({ params: { id } }, request) => {
        const decision = await negativeDecision(db, id);
        if (decision === null || (await isHidden(db, decision.generationId, staffOf(request)))) throw new ImprimaturError('NOT_FOUND');
        return statementAnswer(decision, request.headers['accept-language'], parts);
      },
    });
  };
}

/** The owner's key sees its own; staff see all but what is not for them to know of. @throws ImprimaturError NOT_FOUND */
async function visible(id: string, request: FastifyRequest, { db, store }: HttpParts): Promise<GenerationRecord> {
  const record = isId('gen', id) ? await store.find(id) : null;
  if (record === null) throw new ImprimaturError('NOT_FOUND');
  const isStaff = request.principal?.kind === 'staff';
  const isTheirs = isStaff ? !(await isHidden(db, record.id, staffOf(request))) : record.keyId === callerOf(request).keyId;
  if (!isTheirs) throw new ImprimaturError('NOT_FOUND');
  return record;
}

/** What was done to the account has a statement of its own. */
function isAboutContent({ reasons: { restriction } }: NegativeDecision): boolean {
  return !restriction.startsWith('account_');
}

function refusedByModel({ outcome, createdAt, id }: GenerationRecord): ReasonsRecord | null {
  if (outcome?.kind !== 'refused' || outcome.refusal.by !== 'model') return null;
  const { categories, policy } = outcome.refusal;
  return {
    puid: id,
    restriction: 'not_made',
    content: 'text',
    categories: [...categories],
    contentOn: dayOf(createdAt),
    decidedOn: dayOf(createdAt),
    detection: 'automated',
    decision: 'fully',
    source: 'own',
    by: 'model',
    policy: policy.split('+')[0] ?? policy,
    law: null,
  };
}
