import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { sharedParameters } from './image-request-schema.ts';
import type { UploadedImage } from './input-images.ts';
import { addMessage, MAX_MESSAGES, messagePart, promptOf, type Said, uploadsOf } from './message-parts.ts';

const { model, size, quality, background, output_format, output_compression, moderation, partial_images } = sharedParameters;
const { stream, user, safety_identifier, conversation, previous_response_id } = sharedParameters;

const imageTool = z.looseObject({
  type: z.literal('image_generation'),
  action: z.enum(['generate', 'edit', 'auto']).nullish(),
  input_image_mask: z.looseObject({ image_url: z.string().optional(), file_id: z.string().optional() }).nullish(),
  ...{ model, size, quality, background, output_format, output_compression, moderation, partial_images },
});

const item = z.union([
  z.object({
    type: z.literal('message').optional(),
    role: z.enum(['system', 'developer', 'user', 'assistant']),
    content: z.union([z.string(), z.array(messagePart)]),
  }),
  z.object({ type: z.literal('image_generation_call'), id: z.string().max(64), result: z.string().nullish() }),
]);

/** `POST /v1/responses` with the `image_generation` tool and no other (OpenAI OpenAPI 2.3.0). */
export const responsesBody = z
  .looseObject({
    model: z
      .string()
      .max(128)
      .nullish()
      .describe('Repeated in the answer. An image model is chosen by the tool, or here by its configured name.'),
    input: z.union([z.string().min(1), z.array(item).min(1).max(MAX_MESSAGES)]),
    instructions: z.string().nullish(),
    tools: z
      .array(imageTool)
      .length(1, 'send the image_generation tool and no other: this gateway makes pictures, and has no language model'),
    tool_choice: z.unknown().optional(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
    ...{ stream, user, safety_identifier, conversation, previous_response_id },
  })
  .meta({ id: 'ImageResponseRequest' });

/** A picture that an earlier answer of ours gave. Null: there is none that this caller may have. */
export type EarlierPicture = (generationSuffix: string) => Promise<Uint8Array | null>;

export interface ReadResponsesRequest {
  readonly operation: 'generate' | 'edit';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly uploads: readonly UploadedImage[];
}

interface ReadParts {
  readonly maxUploadBytes: number;
  readonly earlierPicture: EarlierPicture;
  /** Whether a name is that of a configured image model or an alias of one. */
  readonly isImageModel: (name: string) => boolean;
}

/**
 * Input items and tool → a request for pictures. Instructions and whatever users and systems said are the prompt, in order; pictures of the input and
 * of earlier calls are edited, unless the tool says "generate".
 * @throws ImprimaturError REQUEST_INVALID, REQUEST_TOO_LARGE
 */
export async function readResponses(body: z.output<typeof responsesBody>, parts: ReadParts): Promise<ReadResponsesRequest> {
  const [tool] = body.tools;
  if (tool === undefined) throw new ImprimaturError('REQUEST_INVALID', { param: 'tools' });
  const { type: _type, action: asked, input_image_mask: mask, model: _model, ...parameters } = tool;
  const action = asked ?? 'auto';
  const { said, earlier } = readInput(body);
  const given = () => uploadsOf(said, mask == null ? undefined : (mask.image_url ?? ''), parts.maxUploadBytes);
  const uploads = action === 'generate' ? [] : [...(await openEarlier(earlier, action, parts)), ...given()];
  if (action === 'edit' && !uploads.some(({ role }) => role === 'image'))
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'The tool is told to edit, and there is no picture.', param: 'tools' });
  return {
    operation: uploads.length > 0 ? 'edit' : 'generate',
    fields: {
      ...parameters,
      ...modelOf(body, parts),
      prompt: promptOf(said, 'input'),
      stream: body.stream ?? false,
      response_format: 'b64_json',
      ...claimsOf(body),
    },
    uploads,
  };
}

/** What was said, and the ids of earlier pictures whose bytes did not come along. */
function readInput({ input, instructions, previous_response_id: previous }: z.output<typeof responsesBody>) {
  const said: Said = { texts: instructions == null ? [] : [instructions], pictures: [] };
  const earlier: string[] = [];
  for (const one of typeof input === 'string' ? [{ role: 'user', content: input }] : input) {
    if ('role' in one) addMessage(one, said);
    else if (one.result != null && one.result !== '') said.pictures.push(`data:image/png;base64,${one.result}`);
    else earlier.push(one.id);
  }
  if (typeof previous === 'string' && said.pictures.length === 0 && earlier.length === 0) earlier.push(previous);
  return { said, earlier };
}

/** The tool's model, or the request's where that is an image model: clients write the name of a language model there. */
function modelOf({ tools: [tool], model: name }: z.output<typeof responsesBody>, { isImageModel }: ReadParts): { model?: string } {
  const chosen = tool?.model ?? (typeof name === 'string' && isImageModel(name) ? name : undefined);
  return chosen === undefined ? {} : { model: chosen };
}

function claimsOf({ metadata, user: one, safety_identifier: other, ...body }: z.output<typeof responsesBody>) {
  const claims = { user: one, safety_identifier: other, conversation: body.conversation, previous_response_id: body.previous_response_id };
  return metadata == null ? claims : { ...claims, metadata };
}

/** Ids of our answers and of their pictures end in that of their generation. What is not ours is an error only where an edit was asked for. */
async function openEarlier(ids: readonly string[], action: 'edit' | 'auto', { earlierPicture }: ReadParts): Promise<UploadedImage[]> {
  const found: UploadedImage[] = [];
  for (const id of ids) {
    const suffix = /^(?:ig|resp)_([0-9a-hjkmnp-tv-z]{26})$/.exec(id)?.[1];
    const bytes = suffix === undefined ? null : await earlierPicture(suffix);
    if (bytes !== null) found.push({ role: 'image', bytes });
    else if (action === 'edit' || id.startsWith('ig_'))
      throw new ImprimaturError('REQUEST_INVALID', {
        hint: 'An earlier picture is not there, or not yours. Send its result again.',
        param: 'input',
      });
  }
  return found;
}
