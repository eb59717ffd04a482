import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { KillSwitch } from '../../access/kill/kill-store.ts';
import { type KillScope, killScope } from '../../access/kill/kill-switch.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { type ModelNames, resolveModelName } from '../../ingest/model-names.ts';
import { operatorOf, permitted, requireFresh } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import type { RecentStaff } from '../recent-staff.ts';
import { route } from '../route.ts';

const tag = 'Kill switches';
const reason = z.string().trim().min(1).max(2_000);
const newKill = z
  .strictObject({
    scope: killScope.default({}).describe('What stops: whatever matches every member. `{}`, or nothing: everything.'),
    reason,
    until: z.exactOptional(z.coerce.date()).describe('When it ends by itself. Left out: when it is lifted.'),
  })
  .meta({ id: 'NewKill' });
const shown = z
  .object({
    object: z.literal('kill_switch'),
    id: z.string(),
    state: z
      .enum(['on', 'lifting', 'lifted', 'expired'])
      .describe('`lifting`: on, and one of two people has asked to lift it within the last hour.'),
    scope: z.record(z.string(), z.string()),
    reason: z.string(),
    by: z.string(),
    thrown_at: z.string(),
    until: z.string().nullable(),
    seen_by: z.number().describe('Processes that have seen it, those that are gone among them.'),
    lift_needs_second: z.boolean(),
    lift_asked_by: z.string().nullable(),
    lift_ends_at: z.string().nullable().describe('Until when a second person may agree; then somebody has to ask anew.'),
    lifted_by: z.string().nullable(),
    lifted_at: z.string().nullable(),
    lift_reason: z.string().nullable(),
  })
  .meta({ id: 'KillSwitch' });

const thrown = z
  .object({
    object: z.literal('kill_switch'),
    id: z.string(),
    state: z.literal('on'),
    scope: killScope,
    reason: z.string(),
    by: z.string(),
    until: z.string().nullable(),
    recorded: z.boolean().describe('False: it is on, and the database could not be told yet.'),
    settled: z.boolean(),
    processes: z.number().nullable().describe('Null: nobody knows.'),
    seen_by: z.number().nullable(),
  })
  .meta({ id: 'ThrownKillSwitch' });

/** Whoever lifts one has signed in this short a time ago; to throw one nobody is asked to sign in again. */
const FRESH_MINUTES = 10;
/** How long a switch waits to learn whether there is such a surface. */
const PATIENCE_MS = 1_000;

/** One call stops a surface, a model, an operation, a region, or everything; see `docs/kill-switch.md`. */
export function killRoutes(parts: HttpParts, { authenticate, permittedInEmergency }: RecentStaff): FastifyPluginAsync {
  const { kills } = parts.controls;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/kill',
      tag,
      onRequest: permitted(authenticate, 'gates.read'),
      summary: 'Kill switches: those that are on, then those that were',
      answer: z.object({ object: z.literal('list'), data: z.array(shown), next: z.null() }),
      handler: async () => ({ object: 'list' as const, data: (await kills.list()).map((one) => show(one, kills.liftedBy)), next: null }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/kill',
      tag,
      onRequest: permittedInEmergency('kill.throw'),
      summary: 'Stop something at once; effective in every process within a second',
      body: newKill,
      answer: thrown,
      status: [201, 202],
      handler: async ({ body }, request, reply) => {
        const by = operatorOf(request);
        const { until = null } = body;
        if (until !== null && until.getTime() <= Date.now())
          throw new ImprimaturError('REQUEST_INVALID', { hint: 'It is over already.', param: 'until' });
        const scope = await known(body.scope, parts);
        const { id, recorded, settled, processes, seen } = await kills.throwKill({ scope, reason: body.reason, until, by });
        return reply.code(recorded ? 201 : 202).send({
          object: 'kill_switch' as const,
          id,
          state: 'on' as const,
          scope,
          reason: body.reason,
          by,
          until: until?.toISOString() ?? null,
          recorded,
          settled,
          processes,
          seen_by: seen,
        });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/kill/:id/lift',
      tag,
      onRequest: permitted(authenticate, 'kill.lift'),
      summary: 'Lift a kill switch, or ask a second person to',
      params: z.object({ id: z.string() }),
      body: z.strictObject({ reason: z.exactOptional(reason) }).nullish(),
      answer: shown,
      status: [200, 202],
      handler: async ({ params: { id }, body }, request, reply) => {
        requireFresh(request, FRESH_MINUTES);
        const by = operatorOf(request);
        if (!isId('kill', id)) throw new ImprimaturError('NOT_FOUND');
        const lifted = await kills.lift(id, { by, reason: body?.reason ?? null });
        return reply.code(lifted.state === 'lifting' ? 202 : 200).send(show(lifted, kills.liftedBy));
      },
    });
  };
}

/** A name that stops nothing would let somebody believe that something stopped. @throws ImprimaturError MODEL_UNKNOWN, REQUEST_INVALID */
async function known(scope: KillScope, { controls, ingest }: HttpParts): Promise<KillScope> {
  const { surface, region, model } = scope;
  if (region !== undefined) await controls.requireKnown([{ kind: 'region', name: region, param: 'scope.region' }]);
  if (surface !== undefined) {
    const asking = controls.requireKnown([{ kind: 'surface', name: surface, param: 'scope.surface' }]).catch((error: unknown) => {
      if (error instanceof ImprimaturError && error.code === 'REQUEST_INVALID') throw error;
    });
    // Whoever stops something while the database is away, or does not answer, must be able to.
    await Promise.race([asking, sleep(PATIENCE_MS, undefined, { ref: false })]);
  }
  return model === undefined ? scope : { ...scope, model: resolveModelName(model, namesOf(ingest.modelNames)) };
}

/** Without the alias of whatever has no name of its own: a misspelt model would stop the one behind it, and not the one that was meant. */
function namesOf({ aliases: { '*': _other, ...aliases }, ...names }: ModelNames): ModelNames {
  return { ...names, aliases };
}

function show(kill: KillSwitch, liftedBy: 'one' | 'two'): z.output<typeof shown> {
  const { id, surface, model, operation, region, state, reason: why, thrownBy, thrownAt, until } = kill;
  return {
    object: 'kill_switch' as const,
    id,
    state,
    scope: Object.fromEntries(
      Object.entries({ surface, model, operation, region }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
    reason: why,
    by: thrownBy,
    thrown_at: thrownAt.toISOString(),
    until: until?.toISOString() ?? null,
    seen_by: kill.seenBy,
    lift_needs_second: liftedBy === 'two',
    lift_asked_by: kill.liftAskedBy,
    lift_ends_at: kill.liftEndsAt?.toISOString() ?? null,
    lifted_by: kill.liftedBy,
    lifted_at: kill.liftedAt?.toISOString() ?? null,
    lift_reason: kill.liftReason,
  };
}
