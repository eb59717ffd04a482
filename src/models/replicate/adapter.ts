import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { allowedParameters, notesOn, passedOnSchema, type Takes } from '../allowed-parameters.ts';
import { strictestInput } from '../conservative.ts';
import { failedEvent, failureOfCall, garbage } from '../failures.ts';
import { dataUrl } from '../image-bytes.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { inputsOf } from '../parameter-notes.ts';
import { NEVER_BLACK } from '../refusals/dialects.ts';
import { listMember, member, textMember } from '../upstream-reply.ts';
import { type JsonReply, picturesEvent, pollJob, problemOf, type UpstreamSession, upstreamSession } from '../upstream-session.ts';

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '4:5', '5:4', '21:9', '9:21'] as const;

/**
 * Settings of Replicate (`https://api.replicate.com/v1`). Every model there has inputs of its own: `parameters` are those that callers may set, `input`
 * those that the operator fixes, `imageField` takes the picture of an edit.
 */
export const REPLICATE_SETTINGS = z.strictObject({
  ...COMMON_SETTINGS,
  upstreamModel: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  parameters: passedOnSchema.default(['aspect_ratio', 'seed', 'negative_prompt', 'output_format']),
  input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  imageField: z.string().min(1).max(64).optional(),
  promptField: z.string().min(1).max(64).default('prompt'),
});

type ReplicateOptions = Omit<z.output<typeof REPLICATE_SETTINGS>, keyof ModelSettings> & ModelSettings & ModelParts;

/** Replicate's predictions: submitted, polled, and their short-lived addresses fetched once. */
export function createReplicateModel(options: ReplicateOptions): ImageModel {
  const { name, imageField, parameters } = options;
  const takes: Takes = {
    parameters,
    formats: ['png', 'jpeg', 'webp'],
    pictures: imageField === undefined ? 0 : 1,
    masks: 0,
    most: 1,
    endUser: false,
    ...(parameters.includes('aspect_ratio') ? { ratios: RATIOS } : {}),
  };
  return {
    name,
    kind: 'replicate',
    operations: imageField === undefined ? ['generate'] : ['generate', 'edit'],
    plan: (request) => ({ notes: notesOn(request, takes) }),
    async *render(request, signal) {
      const { apiKey } = options;
      const session = upstreamSession(options, apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` }, signal);
      yield await renderOnce(inputOf(request, options, takes), options, session);
    },
  };
}

function inputOf(request: RenderRequest, { imageField, promptField, parameters, input }: ReplicateOptions, takes: Takes) {
  const [image] = inputsOf(request, 'image');
  return {
    ...(parameters.includes('output_format') ? { output_format: request.outputFormat === 'jpeg' ? 'jpg' : request.outputFormat } : {}),
    ...allowedParameters(request, takes),
    [promptField]: request.prompt,
    ...(imageField === undefined || image === undefined ? {} : { [imageField]: dataUrl(image.bytes) }),
    ...(request.conservative === true ? strictestInput(input) : input),
  };
}

async function renderOnce(input: object, { baseUrl, upstreamModel }: ReplicateOptions, session: UpstreamSession): Promise<RenderEvent> {
  const readStep = async (reply: JsonReply): Promise<RenderEvent | null> => {
    const problem = await problemOf(reply, { dialects: ['replicate', 'content_policy'], isBlack: NEVER_BLACK });
    if (problem !== null) return problem;
    if (textMember(reply.body, 'status') !== 'succeeded') return null;
    const { fetchPicture } = session;
    return picturesEvent(addressesOf(reply.body), { n: 1, modelVersion: upstreamModel ?? '', fetchPicture });
  };
  const submitted = await session.call(`${baseUrl}/models/${upstreamModel}/predictions`, { input });
  if ('kind' in submitted) return failedEvent(failureOfCall(submitted));
  const ended = await readStep(submitted);
  if (ended !== null) return ended;
  // The address that the answer names could lead anywhere, and would get our key.
  const id = textMember(submitted.body, 'id');
  return /^\w{1,64}$/.test(id)
    ? pollJob(session, `${baseUrl}/predictions/${id}`, readStep)
    : failedEvent(garbage('a prediction without an id'));
}

function addressesOf(body: unknown): readonly { readonly url: string }[] {
  const output = member(body, 'output');
  const urls = typeof output === 'string' ? [output] : listMember(body, 'output');
  return urls.flatMap((url) => (typeof url === 'string' ? [{ url }] : []));
}
