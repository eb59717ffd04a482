import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { allowedParameters, notesOn, passedOnSchema, sizeOf, type Takes } from '../allowed-parameters.ts';
import { strictestInput } from '../conservative.ts';
import { failedEvent, failureOfCall, garbage } from '../failures.ts';
import { dataUrl } from '../image-bytes.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { inputsOf } from '../parameter-notes.ts';
import { recognizeRefusal } from '../refusals/dialects.ts';
import type { IsBlack } from '../refusals/recognition.ts';
import { listMember, textMember } from '../upstream-reply.ts';
import { type JsonReply, picturesEvent, pollJob, problemOf, type UpstreamSession, upstreamSession } from '../upstream-session.ts';

/** Settings of fal's queue (`https://queue.fal.run`), or of a server that speaks it; `upstreamModel` is the application, such as `fal-ai/flux/dev`. */
export const FAL_SETTINGS = z.strictObject({
  ...COMMON_SETTINGS,
  upstreamModel: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/, 'owner/application'),
  parameters: passedOnSchema.default(['seed', 'negative_prompt', 'num_inference_steps', 'guidance_scale']),
  input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({ enable_safety_checker: true }),
  imageField: z.string().min(1).max(64).optional(),
});

type FalOptions = Omit<z.output<typeof FAL_SETTINGS>, keyof ModelSettings> & ModelSettings & ModelParts;
type SeeingFal = FalOptions & { readonly isBlack: IsBlack };

/**
 * fal: submitted to its queue, polled, fetched once. A picture that its checker refused comes black with status 200. Throws `CONFIG_INVALID` without
 * `isBlack`.
 */
export function createFalModel(options: FalOptions): ImageModel {
  const { name, imageField, parameters, isBlack } = options;
  if (isBlack === undefined) throw new ImprimaturError('CONFIG_INVALID', { detail: `model ${name}: nothing tells black pictures` });
  const pictures = imageField === undefined ? 0 : 1;
  const takes: Takes = { parameters, sizes: true, formats: ['png', 'jpeg'], pictures, masks: 0, most: 4, endUser: false };
  return {
    name,
    kind: 'fal',
    operations: imageField === undefined ? ['generate'] : ['generate', 'edit'],
    plan: (request) => ({ notes: notesOn(request, takes) }),
    async *render(request, signal) {
      const { apiKey } = options;
      const session = upstreamSession(options, apiKey === undefined ? {} : { authorization: `Key ${apiKey()}` }, signal);
      yield await renderOnce(request, { ...options, isBlack, takes }, session);
    },
  };
}

function inputOf(request: RenderRequest, { imageField, input, takes }: FalOptions & { readonly takes: Takes }) {
  const [image] = inputsOf(request, 'image');
  const size = sizeOf(request);
  return {
    ...allowedParameters(request, takes),
    prompt: request.prompt,
    num_images: Math.min(request.n, takes.most),
    output_format: request.outputFormat === 'jpeg' ? 'jpeg' : 'png',
    ...(size === null ? {} : { image_size: size }),
    ...(imageField === undefined || image === undefined ? {} : { [imageField]: dataUrl(image.bytes) }),
    ...(request.conservative === true ? strictestInput({ enable_safety_checker: true, ...input }) : input),
  };
}

async function renderOnce(
  request: RenderRequest,
  options: SeeingFal & { readonly takes: Takes },
  session: UpstreamSession,
): Promise<RenderEvent> {
  const { baseUrl, upstreamModel, isBlack } = options;
  const meaning = { dialects: ['fal', 'content_policy'], isBlack, code: codeOf } as const;
  const submitted = await session.call(`${baseUrl}/${upstreamModel}`, inputOf(request, options));
  if ('kind' in submitted) return failedEvent(failureOfCall(submitted));
  const problem = await problemOf(submitted, meaning);
  if (problem !== null) return problem;
  const [statusUrl, resultUrl] = [textMember(submitted.body, 'status_url'), textMember(submitted.body, 'response_url')];
  // Our key goes along, so both must lead to the host that the operator wrote.
  if (![statusUrl, resultUrl].every((url) => isOf(url, baseUrl))) return failedEvent(garbage('a job at another host'));

  const ended = await pollJob(session, statusUrl, async (reply) => {
    const refusal = await problemOf(reply, meaning);
    return refusal ?? (textMember(reply.body, 'status') === 'COMPLETED' ? ('completed' as const) : null);
  });
  if (ended !== 'completed') return ended;
  const result = await session.call(resultUrl);
  if ('kind' in result) return failedEvent({ ...failureOfCall(result), retryable: false, reachedModel: true });
  return (await problemOf(result, meaning)) ?? picturesOf(result, { request, options, session });
}

interface Fetching {
  readonly request: RenderRequest;
  readonly options: SeeingFal;
  readonly session: UpstreamSession;
}

/** The pictures, unless one is black: that is how a checker says no where the model's answer has no field for it. */
async function picturesOf({ status, headers, body }: JsonReply, { request, options, session }: Fetching): Promise<RenderEvent> {
  const sources = listMember(body, 'images').map((image) => ({ url: textMember(image, 'url') }));
  const event = await picturesEvent(sources, {
    n: request.n,
    modelVersion: options.upstreamModel ?? '',
    fetchPicture: session.fetchPicture,
  });
  if (event.kind === 'failed') return event;
  const images = event.images.map(({ bytes }) => bytes);
  return (await recognizeRefusal({ status, headers, body, images }, { dialects: ['fal'], isBlack: options.isBlack })) ?? event;
}

function isOf(url: string, baseUrl: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(baseUrl).origin;
}

function codeOf(body: unknown): string {
  return textMember(listMember(body, 'detail')[0], 'type');
}
