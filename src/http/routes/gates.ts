import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ROLLS_BACK_AT } from '../../access/gates/canary.ts';
import { parseCapability } from '../../access/gates/capability.ts';
import {
  canarySchema,
  evidenceSchema,
  GATE_STATES,
  type Gate,
  gateRuleSchema,
  hasPercent,
  MISSING_PERCENT,
} from '../../access/gates/gate.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Gates';
const newRule = z
  .strictObject({
    ...gateRuleSchema.shape,
    reason: z.exactOptional(z.string().trim().min(1).max(2_000)),
    canary: z.exactOptional(canarySchema.nullable()).describe('Null: nothing watches it any more.'),
    version: z
      .exactOptional(z.int().min(0))
      .describe('The version that you had read, 0 where there was no gate; when somebody changed it since, 409.'),
  })
  .refine(hasPercent, MISSING_PERCENT)
  .meta({ id: 'GateRule' });
const shown = z
  .object({
    object: z.literal('gate'),
    capability: z.string(),
    model: z.string(),
    operation: z.string(),
    option: z.string().nullable(),
    ...gateRuleSchema.shape,
    state: z.enum(GATE_STATES),
    percent: z.number().nullable().optional(),
    allowlist: z.number().optional().describe('How many are on the list.'),
    version: z.number().describe('0: there is no gate, so the capability is open.'),
    reason: z.string().nullable(),
    by: z.string().nullable(),
    changed_at: z.string().nullable(),
    evidence: evidenceSchema.optional().describe('How far each share has gone out of its band, by `refused.above` and the like.'),
    rolls_back_at: z.number().optional().describe('The evidence at which the gate closes by itself.'),
  })
  .meta({ id: 'Gate' });

/** Who may use which capability; see `docs/gates.md`. */
export function gatesRoutes({ controls, ingest }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { gates } = controls;
  const { configured, operations } = ingest.modelNames;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/gates',
      tag,
      onRequest: permitted(authenticate, 'gates.read'),
      summary: 'Every gate, and every capability that has none',
      answer: z.object({ object: z.literal('list'), data: z.array(shown), next: z.null() }),
      handler: async () => {
        const set = await gates.list();
        const names = new Set(set.map(({ capability }) => capability.name));
        const open = configured.flatMap((model) => (operations[model] ?? []).map((operation) => `${model}:${operation}`));
        const without = open.filter((name) => !names.has(name)).flatMap((name) => parseCapability(name) ?? []);
        return { object: 'list' as const, data: [...set.map(show), ...without.map(showOpen)], next: null };
      },
    });
    route(app, {
      method: 'PUT',
      url: '/v1/gates/:capability',
      tag,
      onRequest: permitted(authenticate, 'gates.write'),
      summary: 'Open, narrow or close a gate; what is left out stays as it was, and "off" without `overrides` is off everywhere',
      params: z.object({ capability: z.string().min(1).max(300) }),
      body: newRule,
      answer: shown,
      handler: async ({ params: { capability }, body }, request) => {
        const by = operatorOf(request);
        const { reason = null, version, ...rule } = body;
        const gate = await gates.set({ capability, rule, reason, by, ...(version === undefined ? {} : { version }) });
        await controls.refresh().catch((cause: unknown) => {
          throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'the gate was changed, and could not be read again here', cause });
        });
        return show(gate);
      },
    });
  };
}

function show({ capability, rule, version, reason, changedBy, changedAt, evidence }: Gate): z.output<typeof shown> {
  return {
    object: 'gate' as const,
    ...named(capability),
    ...rule,
    percent: rule.percent ?? null,
    allowlist: rule.allow?.length ?? 0,
    version,
    reason,
    by: changedBy,
    changed_at: changedAt.toISOString(),
    ...(rule.canary === undefined ? {} : { evidence, rolls_back_at: ROLLS_BACK_AT }),
  };
}

function showOpen(capability: Gate['capability']): z.output<typeof shown> {
  return { object: 'gate' as const, ...named(capability), state: 'on', version: 0, reason: null, by: null, changed_at: null };
}

function named({ name, model, operation, option }: Gate['capability']) {
  return { capability: name, model, operation, option };
}
