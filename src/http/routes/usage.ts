import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { closedDays, openUsage, usageLines } from '../../access/usage/read-usage.ts';
import { flatLine, usageCsv, usageEvents } from '../../access/usage/usage-formats.ts';
import { DIMENSIONS, usageCounts } from '../../access/usage/usage-line.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
const MOST_LINES = 200_000;

const query = z.object({
  from: z.iso.date().describe('The first day, UTC.'),
  to: z.iso.date().describe('The last day, UTC. Only days that are closed are told.'),
  format: z.enum(['json', 'csv', 'cloudevents']).default('json'),
  open: z.stringbool().default(false).describe('With JSON: also what is not closed yet, as it stands now. Not for billing.'),
});
const line = z.object({
  day: z.string(),
  for_day: z.string(),
  ...Object.fromEntries(DIMENSIONS.map((name) => [name, z.string()])),
  kind: z.enum(['usage', 'correction']),
  ...usageCounts.shape,
});
const answer = z.object({
  object: z.literal('usage'),
  from: z.string(),
  to: z.string(),
  /** The last closed day of those asked for; null: none is. */
  closed_through: z.string().nullable(),
  days: z.array(z.object({ day: z.string(), lines: z.number(), sha256: z.string() })),
  data: z.array(line.loose()),
  open: z.array(line.loose()).nullable(),
});

/** What was used, day by day, for billing. A closed day says the same whenever it is asked for. */
export function usageRoutes({ db, usage, config }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/usage',
      tag: 'Usage',
      summary: 'What was used each day, by application, surface, key, model, operation, size and quality: JSON, CSV or CloudEvents',
      query,
      answer: z.union([answer, z.string(), z.array(z.record(z.string(), z.unknown()))]),
      onRequest: permitted(authenticate, 'usage.read'),
      handler: async ({ query: { from, to, format, open } }, _request, reply) => {
        requireSpan(from, to);
        const days = await closedDays(db, from, to);
        if (days.reduce((sum, { lines }) => sum + lines, 0) > MOST_LINES)
          throw invalid('to', 'That is too much at once. Ask for fewer days.');
        const lines = await usageLines(db, from, to);
        if (format === 'csv') {
          const name = `attachment; filename="usage-${from}-${to}.csv"`;
          return reply.type('text/csv; charset=utf-8; header=present').header('content-disposition', name).send(usageCsv(lines));
        }
        if (format === 'cloudevents') {
          const events = usageEvents(lines, config.values.ledgerOrigin);
          return reply.type('application/cloudevents-batch+json; charset=utf-8').send(events);
        }
        const stillOpen = open ? (await openUsage(db, new Date(), usage)).map(flatLine) : null;
        const through = days.at(-1)?.day ?? null;
        return { object: 'usage' as const, from, to, closed_through: through, days, data: lines.map(flatLine), open: stillOpen };
      },
    });
  };
}

function requireSpan(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days < 0) throw invalid('to', 'It is before "from".');
  if (days >= MOST_DAYS) throw invalid('to', `At most ${MOST_DAYS} days at once.`);
}

function invalid(param: string, hint: string): ImprimaturError {
  return new ImprimaturError('REQUEST_INVALID', { param, hint });
}
