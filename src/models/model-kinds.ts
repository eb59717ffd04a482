import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ImageModel } from '../contracts/image-model.ts';
import { AUTOMATIC1111_SETTINGS, createAutomatic1111Model } from './automatic1111/adapter.ts';
import { BEDROCK_SETTINGS, createBedrockModel } from './bedrock/adapter.ts';
import { BFL_SETTINGS, createBflModel } from './bfl/adapter.ts';
import { COMFYUI_SETTINGS, createComfyUiModel } from './comfyui/adapter.ts';
import { createFalModel, FAL_SETTINGS } from './fal/adapter.ts';
import { createGeminiModel, GEMINI_SETTINGS } from './gemini/adapter.ts';
import type { ModelParts } from './model-settings.ts';
import { createOpenAiModel, OPENAI_SETTINGS } from './openai/adapter.ts';
import { createReplicateModel, REPLICATE_SETTINGS } from './replicate/adapter.ts';
import { createStabilityModel, STABILITY_SETTINGS } from './stability/adapter.ts';
import { createXaiModel, XAI_SETTINGS } from './xai/adapter.ts';

interface CreateOptions<Settings> {
  /** The name under which callers ask for the model. */
  readonly name: string;
  readonly settings: Settings;
  readonly parts: ModelParts;
}

/** One kind of upstream: how it is configured, and how a model is made from that. */
export interface ModelKind {
  readonly settings: z.ZodType;
  /** Parses `settings` with the schema above. Throws `CONFIG_INVALID`. */
  create(options: CreateOptions<unknown>): ImageModel;
}

/** Ties a schema to its factory, so that a factory only ever sees parsed settings. */
export function modelKind<Schema extends z.ZodType>(
  schema: Schema,
  create: (options: CreateOptions<z.output<Schema>>) => ImageModel,
): ModelKind {
  return {
    settings: schema,
    create: ({ name, settings, parts }) => {
      const parsed = schema.safeParse(settings);
      if (!parsed.success) throw new ImprimaturError('CONFIG_INVALID', { detail: `model ${name}: ${z.prettifyError(parsed.error)}` });
      return create({ name, settings: parsed.data, parts });
    },
  };
}

/** The kinds that talk to an upstream, by the word that stands in the configuration. The composition root adds its own. */
export const MODEL_KINDS: Readonly<Record<string, ModelKind>> = {
  openai: modelKind(OPENAI_SETTINGS, ({ name, settings, parts }) => createOpenAiModel({ name, ...settings, ...parts })),
  xai: modelKind(XAI_SETTINGS, ({ name, settings, parts }) => createXaiModel({ name, ...settings, ...parts })),
  stability: modelKind(STABILITY_SETTINGS, ({ name, settings, parts }) => createStabilityModel({ name, ...settings, ...parts })),
  automatic1111: modelKind(AUTOMATIC1111_SETTINGS, ({ name, settings, parts }) =>
    createAutomatic1111Model({ name, ...settings, ...parts }),
  ),
  comfyui: modelKind(COMFYUI_SETTINGS, ({ name, settings, parts }) => createComfyUiModel({ name, ...settings, ...parts })),
  replicate: modelKind(REPLICATE_SETTINGS, ({ name, settings, parts }) => createReplicateModel({ name, ...settings, ...parts })),
  fal: modelKind(FAL_SETTINGS, ({ name, settings, parts }) => createFalModel({ name, ...settings, ...parts })),
  bfl: modelKind(BFL_SETTINGS, ({ name, settings, parts }) => createBflModel({ name, ...settings, ...parts })),
  gemini: modelKind(GEMINI_SETTINGS, ({ name, settings, parts }) => createGeminiModel({ name, ...settings, ...parts })),
  bedrock: modelKind(BEDROCK_SETTINGS, ({ name, settings, parts }) => createBedrockModel({ name, ...settings, ...parts })),
};
