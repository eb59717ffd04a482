import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { explainGeneration } from '../../explain-generation.ts';
import { isHidden } from '../../review/sight.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const params = z.object({ id: z.string().max(64) });

const place = z.object({ leaf: z.string(), index: z.number().nullable() }).nullable().describe('Where it stands in the ledger.');
/** Findings, rules and reasoning are as they were written down with the decision, by whatever version of the gateway that was. */
const asStored = z.unknown();
const explanation = z
  .object({
    object: z.literal('explanation'),
    generation: z.object({
      id: z.string(),
      state: z.string(),
      operation: z.string(),
      surface: z.string(),
      model: z.string(),
      createdAt: timeAnswer,
    }),
    decisions: z.array(
      z.object({
        id: z.string(),
        stage: z.string(),
        action: z.string(),
        policy: z.string(),
        decidedAt: timeAnswer,
        by: z.string(),
        caseId: z.string().nullable(),
        rules: z.array(asStored),
        obligations: asStored,
        findings: z.array(asStored),
        reasoning: asStored,
        ledger: place,
        tree: z.string().describe('The same, for people.'),
      }),
    ),
    artifacts: z.array(z.object({ id: z.string(), position: z.number(), sha256: z.string().nullable(), ledger: place })),
  })
  .meta({ id: 'Explanation' });

/** Why a generation went as it did, for operators: it names rules, checks and thresholds. */
export function explanationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'explanations.read'));
    route(app, {
      method: 'GET',
      url: '/v1/explanations/:id',
      tag: 'Decisions',
      summary: 'What led to each decision on a generation, by its id or that of an artifact, a decision or a case',
      params,
      answer: explanation,
      handler: async ({ params: { id } }, request) => {
        const explanation = await explainGeneration(id, parts);
        if (await isHidden(parts.db, explanation.generation.id, staffOf(request))) throw new ImprimaturError('NOT_FOUND');
        parts.telemetry.log.info({ event: 'explanation.read', generation: explanation.generation.id, by: operatorOf(request) });
        return { object: 'explanation' as const, ...explanation };
      },
    });
  };
}
