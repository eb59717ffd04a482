import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { allowedParameters, notesOn, sizeOf, type Takes } from '../allowed-parameters.ts';
import { failedEvent, failureOfCall } from '../failures.ts';
import { base64 } from '../image-bytes.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { inputsOf } from '../parameter-notes.ts';
import { NEVER_BLACK } from '../refusals/dialects.ts';
import { listMember } from '../upstream-reply.ts';
import { type Credentials, picturesEvent, problemOf, upstreamSession } from '../upstream-session.ts';
import { signV4 } from './sign-v4.ts';

const RATIOS = ['16:9', '1:1', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21'] as const;

/**
 * Settings of Amazon Bedrock (`https://bedrock-runtime.REGION.amazonaws.com`), with a Bedrock API key as `apiKey`; or, where `accessKeyId` stands, with the secret
 * access key that belongs to it, followed by a space and the session token where credentials are temporary. `family` says whose words the model takes: `stability`, or
 * `nova` for Amazon's own.
 */
export const BEDROCK_SETTINGS = z.strictObject({
  ...COMMON_SETTINGS,
  upstreamModel: z.string().regex(/^[\w.:-]{1,200}$/),
  family: z.enum(['stability', 'nova']),
  accessKeyId: z
    .string()
    .regex(/^\w{16,128}$/)
    .optional(),
  /** That requests are signed for; left out, as `baseUrl` says. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional(),
});

type Family = z.output<typeof BEDROCK_SETTINGS>['family'];
type BedrockOptions = Signing & { readonly family: Family } & ModelSettings & ModelParts;

interface Signing {
  readonly accessKeyId?: string | undefined;
  readonly region?: string | undefined;
}

const TAKES: Readonly<Record<Family, Takes>> = {
  stability: {
    parameters: ['seed', 'negative_prompt', 'aspect_ratio'],
    ratios: RATIOS,
    formats: ['png', 'jpeg', 'webp'],
    pictures: 1,
    masks: 0,
    most: 1,
    endUser: false,
  },
  nova: {
    parameters: ['seed', 'negative_prompt', 'cfg_scale'],
    sizes: true,
    formats: ['png'],
    pictures: 1,
    masks: 0,
    most: 5,
    endUser: false,
  },
};

/** Of `strength`, which edits alone have and `imageToImage` reads. */
function takesOf({ operation }: RenderRequest, family: Family): Takes {
  const takes = TAKES[family];
  return family === 'stability' && operation === 'edit' ? { ...takes, parameters: [...takes.parameters, 'strength'] } : takes;
}

/** Bedrock's InvokeModel. What it refuses has status 200 and says so for each picture. */
export function createBedrockModel(options: BedrockOptions): ImageModel {
  return {
    name: options.name,
    kind: 'bedrock',
    operations: ['generate', 'edit'],
    plan: (request) => ({ notes: notesOn(request, takesOf(request, options.family)) }),
    async *render(request, signal) {
      yield await renderOnce(request, options, signal);
    },
  };
}

async function renderOnce(request: RenderRequest, options: BedrockOptions, signal: AbortSignal): Promise<RenderEvent> {
  const { baseUrl, upstreamModel, family, name } = options;
  const session = upstreamSession(options, credentialsOf(options), signal);
  const model = upstreamModel ?? name;
  const body = family === 'nova' ? novaBody(request) : stabilityBody(request);
  const reply = await session.call(`${baseUrl}/model/${encodeURIComponent(model)}/invoke`, body);
  if ('kind' in reply) return failedEvent(failureOfCall(reply));
  const code = () => reply.headers['x-amzn-errortype']?.split(':')[0] ?? '';
  const problem = await problemOf(reply, { dialects: ['bedrock', 'content_policy'], isBlack: NEVER_BLACK, code });
  if (problem !== null) return problem;
  const sources = listMember(reply.body, 'images').flatMap((picture) => (typeof picture === 'string' ? [{ base64: picture }] : []));
  return picturesEvent(sources, { n: request.n, modelVersion: model, fetchPicture: session.fetchPicture });
}

/** A bearer key, or a signature for each request; an adapter without a key sends none and is refused. */
function credentialsOf({ apiKey, accessKeyId, region, baseUrl }: BedrockOptions): Credentials {
  if (apiKey === undefined) return {};
  if (accessKeyId === undefined) return { authorization: `Bearer ${apiKey()}` };
  const where = region ?? /^bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./.exec(new URL(baseUrl).hostname)?.[1] ?? 'us-east-1';
  return (call) => {
    const [secretAccessKey = '', sessionToken] = apiKey().split(' ');
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return signV4(call, credentials, { region: where, service: 'bedrock', now: new Date() });
  };
}

function stabilityBody(request: RenderRequest) {
  const [image] = request.operation === 'edit' ? inputsOf(request, 'image') : [];
  const { aspect_ratio: ratio, ...allowed } = allowedParameters(request, TAKES.stability);
  const shape =
    image === undefined
      ? { mode: 'text-to-image', ...(ratio === undefined ? {} : { aspect_ratio: ratio }) }
      : imageToImage(request, image.bytes);
  return { ...allowed, prompt: request.prompt, output_format: request.outputFormat, ...shape };
}

/** How much of the input picture is painted over when the caller does not say; the API demands a value. */
const DEFAULT_STRENGTH = 0.7;

function imageToImage({ parameters: { strength } }: RenderRequest, bytes: Uint8Array) {
  return { mode: 'image-to-image', image: base64(bytes), strength: typeof strength === 'number' ? strength : DEFAULT_STRENGTH };
}

function novaBody(request: RenderRequest) {
  const { seed, negative_prompt: negativeText, cfg_scale: cfgScale } = allowedParameters(request, TAKES.nova);
  const [image] = request.operation === 'edit' ? inputsOf(request, 'image') : [];
  const words = { text: request.prompt, ...(negativeText === undefined ? {} : { negativeText }) };
  const config = { numberOfImages: Math.min(request.n, TAKES.nova.most), ...sizeOf(request), ...optional({ seed, cfgScale }) };
  return image === undefined
    ? { taskType: 'TEXT_IMAGE', textToImageParams: words, imageGenerationConfig: config }
    : { taskType: 'IMAGE_VARIATION', imageVariationParams: { ...words, images: [base64(image.bytes)] }, imageGenerationConfig: config };
}

function optional(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
