import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { sharedParameters } from './image-request-schema.ts';
import type { UploadedImage } from './input-images.ts';
import { addMessage, MAX_MESSAGES, messagePart, promptOf, type Said, uploadsOf } from './message-parts.ts';

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(messagePart)]).nullish(),
  images: z
    .array(z.looseObject({ image_url: z.looseObject({ url: z.string() }) }))
    .optional()
    .describe('Pictures of an earlier answer, as it gave them.'),
});

/** `POST /v1/chat/completions` for pictures. What it does not name goes to the model, like any parameter. */
export const chatBody = z
  .looseObject({
    messages: z.array(message).min(1).max(MAX_MESSAGES),
    modalities: z.array(z.string()).nullish().describe('With "image" in it, when it is sent.'),
    image_config: z.looseObject({ aspect_ratio: z.string().max(16).nullish(), image_size: z.string().max(16).nullish() }).nullish(),
    ...sharedParameters,
  })
  .meta({ id: 'ImageChatRequest' });

/** Parameters of language models: they mean nothing to a picture, and a client sends them out of habit. */
const OF_LANGUAGE = new Set([
  'frequency_penalty',
  'logprobs',
  'max_completion_tokens',
  'max_tokens',
  'parallel_tool_calls',
  'presence_penalty',
  'reasoning_effort',
  'response_format',
  'stop',
  'store',
  'stream_options',
  'temperature',
  'top_logprobs',
  'top_p',
]);

export interface ReadConversation {
  readonly operation: 'generate' | 'edit';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly uploads: readonly UploadedImage[];
}

/**
 * Messages → a request for pictures: everything that users and systems said, in order, is the prompt; any picture makes it an edit.
 * @throws ImprimaturError REQUEST_INVALID, REQUEST_TOO_LARGE
 */
export function readChat(body: z.output<typeof chatBody>, maxUploadBytes: number): ReadConversation {
  const { messages, modalities, image_config: config, tools, ...parameters } = body;
  if (modalities != null && !modalities.includes('image')) {
    throw new ImprimaturError('REQUEST_INVALID', {
      hint: 'This gateway makes pictures: ask for them with modalities ["image"], or send texts to your language model.',
      param: 'modalities',
    });
  }
  if (tools !== undefined) throw new ImprimaturError('REQUEST_INVALID', { hint: 'An image model calls no tools.', param: 'tools' });
  const said: Said = { texts: [], pictures: [] };
  for (const { role, content, images = [] } of messages) {
    addMessage({ role, content }, said);
    said.pictures.push(...images.map(({ image_url: { url } }) => url));
  }
  const wanted = Object.entries({ ...config, ...parameters }).filter(([name]) => !OF_LANGUAGE.has(name));
  const uploads = uploadsOf(said, undefined, maxUploadBytes);
  return {
    operation: uploads.length > 0 ? 'edit' : 'generate',
    fields: { ...Object.fromEntries(wanted), prompt: promptOf(said, 'messages'), response_format: 'b64_json' },
    uploads,
  };
}
