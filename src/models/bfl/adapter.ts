import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { allowedParameters, notesOn, sizeOf, type Takes } from '../allowed-parameters.ts';
import { failedEvent, failureOfCall, garbage } from '../failures.ts';
import { base64 } from '../image-bytes.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { inputsOf } from '../parameter-notes.ts';
import { NEVER_BLACK } from '../refusals/dialects.ts';
import { textMember } from '../upstream-reply.ts';
import { type JsonReply, picturesEvent, pollJob, problemOf, type UpstreamSession, upstreamSession } from '../upstream-session.ts';

const DOMAIN = '.bfl.ai';

/**
 * Settings of Black Forest Labs (`https://api.bfl.ai/v1`); `upstreamModel` is the endpoint, such as `flux-2-pro`. `safetyTolerance` is the operator's, from
 * 0, the strictest: no caller can set it.
 */
export const BFL_SETTINGS = z.strictObject({
  ...COMMON_SETTINGS,
  upstreamModel: z.string().regex(/^[\w.-]{1,100}$/),
  safetyTolerance: z.int().min(0).max(6).default(2),
  edits: z.boolean().default(false),
});

type BflOptions = Omit<z.output<typeof BFL_SETTINGS>, keyof ModelSettings> & ModelSettings & ModelParts;

/** Black Forest Labs: the refusal arrives while polling, the picture at an address that lives ten minutes. */
export function createBflModel(options: BflOptions): ImageModel {
  const { name, edits } = options;
  const parameters = ['seed', 'aspect_ratio', 'prompt_upsampling', 'steps', 'guidance'];
  const takes: Takes = { parameters, sizes: true, formats: ['png', 'jpeg'], pictures: edits ? 1 : 0, masks: 0, most: 1, endUser: false };
  return {
    name,
    kind: 'bfl',
    operations: edits ? ['generate', 'edit'] : ['generate'],
    plan: (request) => ({ notes: notesOn(request, takes) }),
    async *render(request, signal) {
      const { apiKey } = options;
      const session = upstreamSession(options, apiKey === undefined ? {} : { 'x-key': apiKey() }, signal);
      yield await renderOnce(bodyOf(request, options, takes), options, session);
    },
  };
}

function bodyOf(request: RenderRequest, { safetyTolerance }: BflOptions, takes: Takes) {
  const [image] = inputsOf(request, 'image');
  return {
    ...allowedParameters(request, takes),
    ...sizeOf(request),
    prompt: request.prompt,
    output_format: request.outputFormat === 'jpeg' ? 'jpeg' : 'png',
    safety_tolerance: request.conservative === true ? 0 : safetyTolerance,
    ...(image === undefined || request.operation !== 'edit' ? {} : { input_image: base64(image.bytes) }),
  };
}

async function renderOnce(body: object, { baseUrl, upstreamModel }: BflOptions, session: UpstreamSession): Promise<RenderEvent> {
  const meaning = { dialects: ['bfl'], isBlack: NEVER_BLACK } as const;
  const submitted = await session.call(`${baseUrl}/${upstreamModel}`, body);
  if ('kind' in submitted) return failedEvent(failureOfCall(submitted));
  const problem = await problemOf(submitted, meaning);
  if (problem !== null) return problem;
  const pollUrl = textMember(submitted.body, 'polling_url');
  if (!isOfService(pollUrl, baseUrl)) return failedEvent(garbage('a job at another host'));
  return pollJob(session, pollUrl, async (reply: JsonReply) => {
    const refusal = await problemOf(reply, meaning);
    if (refusal !== null) return refusal;
    if (textMember(reply.body, 'status') !== 'Ready') return null;
    const url = textMember(reply.body, 'result', 'sample');
    const { fetchPicture } = session;
    return picturesEvent(url === '' ? [] : [{ url }], { n: 1, modelVersion: upstreamModel ?? '', fetchPicture });
  });
}

/** Jobs live at regional hosts of the service (`api.eu1.bfl.ai`), and our key goes along: the configured host, or, for the service itself, another of its own. */
export function isOfService(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [found, configured] = [new URL(url), new URL(baseUrl)];
  if (found.origin === configured.origin) return true;
  return found.protocol === 'https:' && found.port === '' && [found, configured].every(({ hostname }) => hostname.endsWith(DOMAIN));
}
