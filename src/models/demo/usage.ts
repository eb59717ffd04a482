import type { RenderRequest, UpstreamUsage } from '../../contracts/image-model.ts';
import { inputsOf } from '../parameter-notes.ts';
import type { Size } from './picture-size.ts';
import type { Quality } from './read-order.ts';

/** Tokens of a square picture of 1024 pixels, and of one partial frame, in the orders of magnitude that OpenAI bills. */
const OUTPUT_TOKENS: Readonly<Record<Quality, number>> = { low: 272, medium: 1_056, high: 4_160 };
const TOKENS_PER_PARTIAL = 100;
const TOKENS_PER_INPUT = 256;
const BYTES_PER_TOKEN = 4;

interface Work extends Size {
  readonly quality: Quality;
  readonly partials: number;
}

/** Figures in the shape of OpenAI's `usage`, for clients that add them up. Nothing is billed. */
export function usageOf(request: RenderRequest, { width, height, quality, partials }: Work): UpstreamUsage {
  const text = Math.ceil(Buffer.byteLength(request.prompt, 'utf8') / BYTES_PER_TOKEN);
  const image = inputsOf(request, 'image').length * TOKENS_PER_INPUT;
  const each = Math.ceil((OUTPUT_TOKENS[quality] * width * height) / 1024 ** 2);
  const output = each * request.n + partials * TOKENS_PER_PARTIAL;
  return {
    input_tokens: text + image,
    output_tokens: output,
    total_tokens: text + image + output,
    input_tokens_details: { text_tokens: text, image_tokens: image },
  };
}
