import type { FastifyPluginAsync } from 'fastify';
import { type CoverageRow, gapsOf } from '../../policy/coverage.ts';
import { type Authenticate, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

/** Who looks for what, and how well. For operators: it tells where nobody looks. */
export function coverageRoutes({ coverage, policy }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/coverage',
      tag: 'Policy',
      summary: 'By category and kind of subject: which checks look, what was measured of them, and what is waived or uncovered',
      handler: () => {
        const rows = coverage.rows();
        return {
          object: 'coverage',
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
