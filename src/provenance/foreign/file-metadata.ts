import { z } from 'zod';

/** Programs and services that leave their name in a file. Everything here can be written by anybody. */
export const GENERATORS = [
  'automatic1111',
  'comfyui',
  'invokeai',
  'novelai',
  'fooocus',
  'midjourney',
  'dall-e',
  'firefly',
  'google-ai',
  'stability',
  'other-ai',
] as const;
export type Generator = (typeof GENERATORS)[number];

const short = z.string().max(200);
const mention = z.object({
  tool: z.enum(GENERATORS),
  /** The field in which it stands, such as `png:parameters`. */
  where: short,
  /** The model's name, in the file's own words. */
  model: short.nullable(),
  /** A prompt stands there. It is never repeated. */
  hasPrompt: z.boolean(),
});
/** One trace of a program that makes pictures. */
export type GeneratorMention = z.output<typeof mention>;

const chinaLabel = z.object({
  label: short.nullable(),
  producer: short.nullable(),
  produceId: short.nullable(),
  propagator: short.nullable(),
  propagateId: short.nullable(),
});

const foreignWatermark = z.object({
  name: z.literal('stable-diffusion'),
  /** Which of the fixed messages. */
  variant: z.enum(['StableDiffusionV1', 'SDV2', 'SDXL']),
  /** Between what was read and the message, over its bits: 1 is perfect. */
  correlation: z.number().min(-1).max(1),
  /** Upper bound on the chance that a picture without the mark reads like this; see `dwt-dct.ts`. */
  falsePositiveBound: z.number().min(0).max(1),
});
/** Another maker's invisible watermark. Its message is public, so anybody can put it on anything. */
export type ForeignWatermark = z.output<typeof foreignWatermark>;

/** What a file says of itself outside of its content credential: nothing in it is proved. Shapes are the job's answer as well. */
export const fileMetadataSchema = z.object({
  /** `unreadable`: the structure is broken; whatever was found before the break is here. */
  state: z.enum(['read', 'unreadable']),
  format: short.nullable(),
  widthPx: z.int().nonnegative().nullable(),
  heightPx: z.int().nonnegative().nullable(),
  /** What is wrong with the file, as `malformed:truncated` or `hostile:polyglot`; codes of docs/detectors/file-sanity.md. */
  problems: z.array(short).max(32).readonly(),
  /** IPTC digital source type, such as `trainedAlgorithmicMedia`. */
  sourceType: short.nullable(),
  /** `plus:DataMining`, such as `DMI-PROHIBITED-AIMLTRAINING`. */
  dataMining: short.nullable(),
  generators: z.array(mention).max(16).readonly(),
  /** IPTC 2025.1. */
  aiSystem: z.object({ name: short.nullable(), version: short.nullable(), hasPrompt: z.boolean() }).nullable(),
  /** China's implicit label, GB 45438-2025. */
  tc260: chinaLabel.nullable(),
  creatorTool: short.nullable(),
  credit: short.nullable(),
  camera: short.nullable(),
  /** Invisible marks of other makers. Null: the pixels were not looked at. */
  watermarks: z.array(foreignWatermark).max(4).readonly().nullable(),
});
export type FileMetadata = z.output<typeof fileMetadataSchema>;

/** Metadata of a file about which nothing could be found out, and why. */
export function unreadMetadata(problem: string): FileMetadata {
  return {
    state: 'unreadable',
    format: null,
    widthPx: null,
    heightPx: null,
    problems: [problem],
    sourceType: null,
    dataMining: null,
    generators: [],
    aiSystem: null,
    tc260: null,
    creatorTool: null,
    credit: null,
    camera: null,
    watermarks: null,
  };
}
