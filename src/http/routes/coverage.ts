import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { type CoverageRow, gapsOf } from '../../policy/coverage.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const answer = z
  .object({
    object: z.literal('coverage'),
    policy: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
    is_enforced: z.boolean(),
    gaps: z.number(),
    data: z.array(
      z.object({
        category: z.enum(CATEGORIES),
        looks_at: z.enum(['prompt', 'input_image', 'artifact']),
        state: z.enum(['measured', 'unmeasured', 'waived', 'uncovered', 'unasked']),
        checks: z.array(
          z.object({
            check: z.string(),
            measured: z
              .object({
                dataset: z.string(),
                n: z.number(),
                missed: z.number().nullable(),
                false_alarms: z.number().nullable(),
                on: z.string(),
              })
              .nullable(),
            note: z.string().nullable(),
          }),
        ),
        waiver: z.object({ reason: z.string(), by: z.string(), until: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Coverage' });

/** Who looks for what, and how well. For operators: it tells where nobody looks. */
export function coverageRoutes({ coverage, policy }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'policies.read'));
    route(app, {
      method: 'GET',
      url: '/v1/coverage',
      tag: 'Policy',
      summary: 'By category and kind of subject: which checks look, what was measured of them, and what is waived or uncovered',
      answer: answer,
      handler: () => {
        const rows = coverage.rows();
        return {
          object: 'coverage' as const,
          policy: policy.ref,
          is_enforced: coverage.isEnforced,
          gaps: gapsOf(rows).length,
          data: rows.map(shown),
        };
      },
    });
  };
}

function shown({ category, looksAt, state, checks, waiver }: CoverageRow) {
  return {
    category,
    looks_at: looksAt,
    state,
    checks: checks.map(({ check, measured, note = null }) => ({
      check,
      measured: measured === 'unmeasured' ? null : measuredShown(measured),
      note,
    })),
    waiver: waiver === undefined ? null : { reason: waiver.reason, by: waiver.by, until: waiver.until },
  };
}

type Measured = Exclude<CoverageRow['checks'][number]['measured'], 'unmeasured'>;

function measuredShown({ dataset, n, error, on }: Measured) {
  const share = (one: number | 'unmeasured') => (one === 'unmeasured' ? null : one);
  return { dataset, n, missed: share(error.missed), false_alarms: share(error.falseAlarms), on };
}
