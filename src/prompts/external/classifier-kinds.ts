import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { createAzureContentSafety } from './azure-content-safety.ts';
import type { ClassifierDialect } from './classification.ts';
import { createGenericHttp } from './generic-http.ts';
import type { GuardEndpoint } from './guard-chat.ts';
import { createLlamaGuard } from './llama-guard.ts';
import { createOpenAiModeration } from './openai-moderation.ts';
import { createShieldGemma } from './shield-gemma.ts';

/** Where a service answers. */
export const address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => URL.canParse(url) && new URL(url).username === '' && new URL(url).search === '', 'no credentials and no query')
  .transform((url) => url.replace(/\/+$/, ''));
/** Names of models and versions. */
export const plain = z.string().regex(/^[\w./:-]{1,200}$/);

/** What is asked of every service outside, beside its time. */
export const callLimits = {
  callsPerMinute: z.int().min(1).max(1_000_000).default(600).describe('Calls of this process; what comes beyond fails.'),
  failuresToOpen: z.int().min(1).max(1_000).default(5).describe('Failures in a row after which it is left alone for a while.'),
  coolDownMs: z.int().min(100).max(600_000).default(30_000).describe('How long it is left alone.'),
};

/** What every classifier has in the configuration beside its name and kind. */
const limits = {
  deadlineMs: z.int().min(50).max(30_000).default(2_000).describe('From asking to the last byte of the answer.'),
  ...callLimits,
  cacheEntries: z.int().min(0).max(1_000_000).default(10_000),
  cacheTtlMs: z.int().min(0).max(86_400_000).default(600_000),
};

const chat = { baseUrl: address, model: plain };

/** One classifier of the configuration, by its kind. The key is handed in apart, since it never stands in clear. */
export const classifierSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('openai-moderation'),
    ...limits,
    baseUrl: address.default('https://api.openai.com/v1'),
    model: plain.default('omni-moderation-latest'),
  }),
  z.strictObject({
    kind: z.literal('llama-guard'),
    ...limits,
    ...chat,
    taxonomy: z.enum(['llama-guard-1', 'llama-guard-2', 'llama-guard-3']).default('llama-guard-3'),
  }),
  z.strictObject({ kind: z.literal('shield-gemma'), ...limits, ...chat }),
  z.strictObject({ kind: z.literal('azure-content-safety'), ...limits, endpoint: address, apiVersion: plain.default('2024-09-01') }),
  z.strictObject({
    kind: z.literal('http'),
    ...limits,
    url: address,
    modelVersion: plain.default('1'),
    categories: z.array(z.enum(CATEGORIES)).min(1),
  }),
]);

export type ClassifierSettings = z.output<typeof classifierSchema>;

/** Kinds that do not answer without a key. */
export const NEEDS_KEY: ReadonlySet<string> = new Set(['openai-moderation', 'azure-content-safety']);

/** The dialect that the settings name. */
export function createDialect(settings: ClassifierSettings, apiKey: (() => string) | undefined): ClassifierDialect {
  const key = apiKey ?? (() => '');
  switch (settings.kind) {
    case 'openai-moderation':
      return createOpenAiModeration({ ...settings, apiKey: key });
    case 'azure-content-safety':
      return createAzureContentSafety({ ...settings, apiKey: key });
    case 'http':
      return createGenericHttp({ ...settings, apiKey });
    case 'llama-guard':
      return createLlamaGuard({ ...endpointOf(settings, apiKey), taxonomy: settings.taxonomy });
    case 'shield-gemma':
      return createShieldGemma(endpointOf(settings, apiKey));
  }
}

function endpointOf({ baseUrl, model }: GuardEndpoint, apiKey: (() => string) | undefined): GuardEndpoint {
  return { baseUrl, model, apiKey };
}
