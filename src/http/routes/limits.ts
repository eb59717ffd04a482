import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Asking } from '../../access/limits/asking.ts';
import { applies } from '../../access/limits/asking.ts';
import { type Limit, limitId, limitRuleSchema } from '../../access/limits/limit-rule.ts';
import { TIERS } from '../../contracts/end-user.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route, sentNothing } from '../route.ts';

const tag = 'Limits';
const reason = z.string().trim().min(1).max(2_000);
const version = z.coerce.number().int().min(0);
const newLimit = limitRuleSchema
  .extend({
    reason: z.exactOptional(reason),
    version: z
      .exactOptional(z.int().min(0))
      .describe('The version that you had read, 0 where there was no such limit; when somebody changed it since, 409.'),
  })
  .meta({ id: 'NewLimit' });
const subject = z.object({
  application: z.string().max(200).optional(),
  user: z.string().max(256).optional().describe('As the platform names them in its claims.'),
  key: z.string().max(60).optional(),
  surface: z.string().max(63).optional(),
  model: z.string().max(63).optional(),
  operation: z.enum(['generate', 'edit', 'variation']).optional(),
  tier: z.enum(TIERS).optional(),
});
const use = z.object({ used: z.number(), limit: z.number(), remaining: z.number(), resets_at: z.string() });
const shown = z
  .object({
    object: z.literal('limit'),
    id: z.string(),
    ...limitRuleSchema.shape,
    per: z.array(z.string()),
    when: z.record(z.string(), z.unknown()),
    warn_at: z.number().nullable(),
    version: z.number(),
    source: z.enum(['config', 'operator']),
    reason: z.string().nullable(),
    by: z.string(),
    changed_at: z.string(),
    use: use
      .nullable()
      .optional()
      .describe('Of whom the query names. Null: the query does not say enough for this limit, or the limit does not apply to them.'),
  })
  .meta({ id: 'Limit' });

/** How much anybody may ask for; see `docs/limits.md`. */
export function limitsRoutes({ controls }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { book, look, refresh } = controls.limits;
  const inForce = () =>
    refresh().catch((cause: unknown) => {
      throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'the limit was changed, and could not be read again here', cause });
    });

  async function useBy(limit: Limit, query: z.output<typeof subject>) {
    const asking = askingIn(limit, query);
    const found = asking === null ? null : await look(limit, asking);
    if (found === null) return null;
    const { used, limit: most, resetMs } = found;
    return { used, limit: most, remaining: Math.max(0, most - used), resets_at: new Date(Date.now() + resetMs).toISOString() };
  }

  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/limits',
      tag,
      summary: 'Every limit; with a query that says who, also how much of each is used',
      onRequest: permitted(authenticate, 'limits.read'),
      query: subject,
      answer: z.object({ object: z.literal('list'), data: z.array(shown), next: z.null() }),
      handler: async ({ query }) => {
        const isAsked = Object.values(query).some((value) => value !== undefined);
        const limits = await book.list();
        const data = await Promise.all(
          limits.map(async (limit) => ({ ...show(limit), ...(isAsked ? { use: await useBy(limit, query) } : {}) })),
        );
        return { object: 'list' as const, data, next: null };
      },
    });
    route(app, {
      method: 'PUT',
      url: '/v1/limits/:id',
      tag,
      summary: 'Set a limit; in force in every process at once, and nothing that was counted is forgotten',
      onRequest: permitted(authenticate, 'limits.write'),
      params: z.object({ id: limitId }),
      body: newLimit,
      answer: shown,
      handler: async ({ params: { id }, body }, request) => {
        const { reason: why = null, version: had, ...rule } = body;
        const limit = await book.set({ id, rule, reason: why, by: operatorOf(request), ...(had === undefined ? {} : { version: had }) });
        await inForce();
        return show(limit);
      },
    });
    route(app, {
      method: 'DELETE',
      url: '/v1/limits/:id',
      tag,
      summary: 'Take a limit away',
      onRequest: permitted(authenticate, 'limits.write'),
      params: z.object({ id: limitId }),
      query: z.object({ version: version.optional(), reason: reason.optional() }),
      answer: sentNothing,
      status: 204,
      handler: async ({ params: { id }, query }, request, reply) => {
        const had = query.version === undefined ? {} : { version: query.version };
        await book.remove({ id, reason: query.reason ?? null, by: operatorOf(request), ...had });
        await inForce();
        return reply.code(204).send();
      },
    });
  };
}

function show({ id, rule, version: own, source, reason: why, changedBy, changedAt }: Limit) {
  const { warn_at: warnAt = null, ...rest } = rule;
  const about = { version: own, source, reason: why, by: changedBy, changed_at: changedAt.toISOString() };
  return { object: 'limit' as const, id, ...rest, per: [...rest.per], warn_at: warnAt, ...about };
}

/** Null when the query leaves open which count of this limit is meant. */
function askingIn({ rule }: Limit, query: z.output<typeof subject>): Asking | null {
  const { application, user, key, surface, model, operation, tier } = { ...rule.when, ...withoutGaps(query) };
  const known = { application, key, surface, tier, capability: model === undefined ? undefined : operation, user: user ?? key };
  const isEnough = rule.per.every((dimension) => known[dimension] !== undefined && (dimension !== 'user' || application !== undefined));
  const asking: Asking = {
    application: application ?? '',
    key: key ?? '',
    surface: surface ?? '',
    model: model ?? '',
    operation: operation ?? 'generate',
    tier: tier ?? 'anonymous',
    user: user ?? null,
    isTightened: rule.when.tightened === true,
  };
  return isEnough && applies(rule, asking) ? asking : null;
}

function withoutGaps(query: z.output<typeof subject>): z.output<typeof subject> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
