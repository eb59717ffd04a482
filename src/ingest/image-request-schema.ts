import { z } from 'zod';
import { IMAGE_FORMATS } from '../contracts/submission.ts';

const size = z
  .string()
  .regex(/^(auto|[1-9]\d{1,4}x[1-9]\d{1,4})$/, { error: 'use "auto" or WIDTHxHEIGHT, for example "1024x1024"', abort: true })
  .refine((text) => text === 'auto' || withinBounds(text), 'each side must be 64 to 4096 pixels, and the ratio at most 3:1');

function withinBounds(text: string): boolean {
  const [width = 0, height = 0] = text.split('x').map(Number);
  return Math.min(width, height) >= 64 && Math.max(width, height) <= 4096 && Math.max(width, height) <= 3 * Math.min(width, height);
}

/** Parameters of generations and edits alike (OpenAI OpenAPI 2.3.0). An open set: what we do not know goes to the model. */
export const sharedParameters = {
  model: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('A configured model or one of its aliases; the first configured model when absent.'),
  n: z.int().min(1).max(10).nullish().describe('Pictures wanted, 1 to 10.'),
  size: size.nullish(),
  quality: z.string().max(32).nullish(),
  background: z.enum(['transparent', 'opaque', 'auto']).nullish(),
  output_format: z.enum(IMAGE_FORMATS).nullish(),
  output_compression: z.int().min(0).max(100).nullish(),
  moderation: z.string().max(32).nullish().describe('Passed on only as far as the policy allows.'),
  stream: z.boolean().nullish(),
  partial_images: z.int().min(0).max(3).nullish(),
  response_format: z.enum(['url', 'b64_json']).nullish(),
  visible_label: z
    .boolean()
    .nullish()
    .describe('A visible "AI-generated" label on the pictures, also where the policy asks for none. Not passed on.'),
  user: z.string().max(512).nullish(),
  safety_identifier: z.string().max(512).nullish(),
  conversation: z
    .union([z.string().min(1).max(512), z.looseObject({ id: z.string().min(1).max(512) })])
    .nullish()
    .describe('The conversation that this request belongs to; its requests are judged as a whole. Not passed on.'),
  previous_response_id: z.string().max(512).nullish().describe('The answer that this request continues. Not passed on.'),
};

const imageReference = z.looseObject({ image_url: z.string().optional(), file_id: z.string().optional() });

/** `POST /v1/images/generations`, JSON. */
export const generationBody = z
  .looseObject({ prompt: z.string().min(1, 'must not be empty'), ...sharedParameters })
  .meta({ id: 'ImageGenerationRequest' });

/** `POST /v1/images/edits`, JSON form. The multipart form has the same fields with `image`, `image[]` and `mask` as files. */
export const editBody = z
  .looseObject({
    prompt: z.string().min(1, 'must not be empty'),
    images: z.array(imageReference).min(1).max(16).optional().describe('Data URLs; the multipart form sends files instead.'),
    mask: imageReference.nullish(),
    ...sharedParameters,
  })
  .meta({ id: 'ImageEditRequest' });

/** `POST /v1/images/variations`: multipart only. */
export const variationBody = z.looseObject({ ...sharedParameters }).meta({ id: 'ImageVariationRequest' });

/** Fields that a form can only send as text. */
const NUMBERS = new Set(['n', 'output_compression', 'partial_images', 'frame_count', 'frame_duration_ms', 'seed']);
const BOOLEANS = new Set(['stream', 'visible_label']);

/** A form's texts as the JSON values they stand for, so that one schema validates both. */
export function fromForm(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => {
      if (NUMBERS.has(name) && /^-?\d+(\.\d+)?$/.test(text)) return [name, Number(text)];
      if (BOOLEANS.has(name) && (text === 'true' || text === 'false')) return [name, text === 'true'];
      return [name, text];
    }),
  );
}
