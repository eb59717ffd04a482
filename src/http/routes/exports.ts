import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { exportDecisions } from '../../review/export/export-decisions.ts';
import { EXPORT_FORMS } from '../../review/export/training-rows.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const DAY_MS = 86_400_000;
const wish = z
  .strictObject({
    form: z.enum(EXPORT_FORMS).default('labels'),
    from: z.coerce.date().optional(),
    to: z.coerce.date().optional(),
    limit: z.int().min(1).max(10_000).default(10_000),
  })
  .meta({ id: 'DecisionExportWish' });

/** Decisions of people as training data: JSON lines in the forms that TRL and what reads its forms take. */
export function exportsRoutes({ db, journal, evidence, config }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { applications, maxAgeDays } = config.values.exports;
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/exports/decisions',
      tag: 'Exports',
      summary: 'Decisions as training data, of applications that agreed, as JSON lines. Stands in the ledger',
      onRequest: permitted(authenticate, 'exports.make'),
      body: wish,
      answer: z.string(),
      produces: ['application/jsonl'],
      handler: async ({ body: { form, from, to = new Date(), limit } }, request, reply) => {
        const oldest = new Date(Date.now() - maxAgeDays * DAY_MS);
        const scope = { applications, from: from === undefined || from < oldest ? oldest : from, to, limit };
        const made = await exportDecisions({ form, by: operatorOf(request), ...scope }, { db, journal, evidence });
        reply.headers({
          'content-type': 'application/jsonl',
          'cache-control': 'no-store',
          'content-disposition': `attachment; filename="decisions-${form}.jsonl"`,
          'imprimatur-rows': String(made.rows),
          'imprimatur-cases': String(made.cases),
          'imprimatur-left-out': `personal=${made.left.personal}, deleted=${made.left.deleted}, unsettled=${made.left.unsettled}`,
        });
        return reply.send(made.jsonl);
      },
    });
  };
}
