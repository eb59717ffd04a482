import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { address, callLimits, plain } from '../../prompts/external/classifier-kinds.ts';
import { createAzureImageAnalysis } from './azure-image-analysis.ts';
import { createOpenAiImageModeration } from './openai-image-moderation.ts';
import type { PictureDialect } from './picture-service.ts';
import { coverageSchema, pluginId, pluginLooksAt } from './plugin-fields.ts';
import { createSimpleHttp } from './simple-http.ts';
import { createVisionJudge } from './vision-judge.ts';

const mode = z.enum(['hold', 'block']);

const common = {
  name: pluginId,
  deadlineMs: z.int().min(50).max(60_000).default(10_000),
  ...callLimits,
  looksAt: pluginLooksAt,
  /** Categories that block when the service could not tell stand in a check of their own, `NAME-strict`. */
  whenFailed: z.partialRecord(z.enum(CATEGORIES), mode).default({}),
  coverage: coverageSchema.default([]),
};
const categories = z.array(z.enum(CATEGORIES)).min(1);

/** One service of `detectors` in the configuration, by its kind. The key is handed in apart, since it never stands in clear. */
export const serviceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), ...common, url: address, modelVersion: plain.default('1'), categories }),
  z.strictObject({
    kind: z.literal('openai-moderation'),
    ...common,
    baseUrl: address.default('https://api.openai.com/v1'),
    model: plain.default('omni-moderation-latest'),
  }),
  z.strictObject({ kind: z.literal('azure-content-safety'), ...common, endpoint: address, apiVersion: plain.default('2024-09-01') }),
  z.strictObject({
    kind: z.literal('vision-judge'),
    ...common,
    baseUrl: address,
    model: plain,
    categories,
    /** How the server is told to answer in JSON: by a schema, as any JSON, or by words alone. */
    answerFormat: z.enum(['schema', 'json', 'words']).default('schema'),
  }),
]);

export type ServiceSettings = z.output<typeof serviceSchema>;

/** Kinds that do not answer without a key. */
export const NEEDS_KEY: ReadonlySet<string> = new Set(['openai-moderation', 'azure-content-safety']);

/** The dialect that the settings name. */
export function createPictureDialect(settings: ServiceSettings, apiKey: (() => string) | undefined): PictureDialect {
  const key = apiKey ?? (() => '');
  switch (settings.kind) {
    case 'openai-moderation':
      return createOpenAiImageModeration({ ...settings, apiKey: key });
    case 'azure-content-safety':
      return createAzureImageAnalysis({ ...settings, apiKey: key });
    case 'http':
      return createSimpleHttp({ ...settings, apiKey });
    case 'vision-judge':
      return createVisionJudge({ ...settings, apiKey });
  }
}
