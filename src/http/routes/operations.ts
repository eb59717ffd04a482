import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import type { StaffRole } from '../../contracts/staff-role.ts';
import { readBoard } from '../../operations/board.ts';
import { DRIFT_MEASURES } from '../../operations/drift.ts';
import { findExamples } from '../../operations/examples.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Operations';
const count = z.int();
const rate = z.number().nullable();
const compared = { count, previous: count };
const operationsAnswer = z
  .object({
    object: z.literal('operations'),
    slos: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        objective: z.string(),
        target: z.number(),
        current: rate.describe('The share that was good within three days.'),
        good: count,
        total: count,
        burn: z.array(
          z.object({
            window: z.string(),
            short_window: z.string(),
            severity: z.enum(['page', 'ticket']),
            rate,
            short_rate: rate,
            threshold: z.number(),
            is_firing: z.boolean(),
          }),
        ),
        budget_left: rate.describe('Of three days; below 0 it is overspent.'),
      }),
    ),
    volumes: z.object({
      bucket: z.literal('hour'),
      points: z.array(z.object({ at: z.string(), generations: count, refused: count, held: count, released: count, blocked: count })),
    }),
    categories: z.array(z.object({ category: z.string(), ...compared })),
    surfaces: z.array(z.object({ surface: z.string(), ...compared })),
    drift: z.array(
      z.object({
        metric: z.enum(DRIFT_MEASURES),
        psi: z.number(),
        chance: z.number().describe('How often chance alone moves it as far.'),
        level: z.enum(['calm', 'watch', 'alarm']),
        since: z.string().nullable(),
        moved: z.string().nullable().describe('The value that grew most; for GET /v1/operations/examples.'),
        examples: z.array(z.string()).describe('Generations.'),
      }),
    ),
  })
  .meta({ id: 'Operations' });

const HOUR_MS = 3_600_000;

/** How the service keeps its promises, what goes through it, and what moves. */
export function operationsRoutes({ db }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'operations.read'));
    route(app, {
      method: 'GET',
      url: '/v1/operations',
      tag,
      summary: 'Objectives with burn rates, volumes, categories, surfaces, and drift',
      query: z.object({ hours: z.coerce.number().int().min(1).max(720).default(24) }),
      answer: operationsAnswer,
      handler: async ({ query: { hours } }, request) => {
        const board = await readBoard(db, { now: new Date(), hours, hides: hiddenFrom(staffOf(request).roles) });
        return showBoard(board);
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/operations/examples',
      tag,
      summary: 'Decisions behind a number, newest first',
      query: z.object({
        measure: z.enum(DRIFT_MEASURES),
        value: z.string().min(1).max(100),
        hours: z.coerce.number().int().min(1).max(720).default(24),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
      answer: pageOf(z.object({ decision_id: z.string(), generation_id: z.string(), at: timeAnswer })),
      handler: async ({ query: { measure, value, hours, limit } }, request) => {
        const isHidden = hiddenFrom(staffOf(request).roles)(value);
        const from = new Date(Date.now() - hours * HOUR_MS);
        const found = isHidden ? [] : await findExamples(db, { measure, value, from, limit });
        const data = found.map(({ decisionId, generationId, at }) => ({
          decision_id: decisionId,
          generation_id: generationId,
          at: at.toISOString(),
        }));
        return { object: 'list' as const, data, next: null };
      },
    });
  };
}

/** Suspected child abuse material is counted for those alone who are cleared for it. */
function hiddenFrom(roles: readonly StaffRole[]): (value: string) => boolean {
  if (rolesAllow(roles, 'cases.restricted')) return () => false;
  return (value) => value.startsWith('sexual_minors');
}

function showBoard({ slos, points, categories, surfaces, drift }: Awaited<ReturnType<typeof readBoard>>): z.input<typeof operationsAnswer> {
  return {
    object: 'operations' as const,
    slos: slos.map(({ slo, good, total, budgetLeft, states }) => ({
      id: slo.id,
      name: slo.name,
      objective: slo.promise,
      target: slo.objective,
      current: total === 0 ? null : good / total,
      good,
      total,
      burn: states.map(({ long, short, severity, rate: long_rate, shortRate, factor, isFiring }) => ({
        window: long,
        short_window: short,
        severity,
        rate: long_rate,
        short_rate: shortRate,
        threshold: factor,
        is_firing: isFiring,
      })),
      budget_left: budgetLeft,
    })),
    volumes: { bucket: 'hour', points: points.map((one) => ({ ...one, at: one.at.toISOString() })) },
    categories: categories.map(({ value, ...counts }) => ({ category: value, ...counts })),
    surfaces: surfaces.map(({ value, ...counts }) => ({ surface: value, ...counts })),
    drift: drift.map(({ measure, psi, chance, level, since, moved, examples }) => ({
      metric: measure,
      psi,
      chance,
      level,
      since: since?.toISOString() ?? null,
      moved,
      examples: examples.map(({ generationId }) => generationId),
    })),
  };
}
