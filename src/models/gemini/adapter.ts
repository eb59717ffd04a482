import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { allowedParameters, notesOn, type Takes } from '../allowed-parameters.ts';
import { failedEvent, failureOfCall } from '../failures.ts';
import { base64, mediaType } from '../image-bytes.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { inputsOf } from '../parameter-notes.ts';
import { NEVER_BLACK } from '../refusals/dialects.ts';
import { isRecord, listMember, member, textMember } from '../upstream-reply.ts';
import { picturesEvent, problemOf, type UpstreamSession, upstreamSession } from '../upstream-session.ts';

const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'] as const;

/** Settings of Google's Gemini image models (`https://generativelanguage.googleapis.com/v1beta`). */
export const GEMINI_SETTINGS = z.strictObject({ ...COMMON_SETTINGS, upstreamModel: z.string().regex(/^[\w.-]{1,100}$/) });

type GeminiOptions = ModelSettings & ModelParts;

const TAKES: Takes = {
  parameters: ['seed', 'aspect_ratio', 'temperature'],
  ratios: RATIOS,
  formats: ['png'],
  pictures: 16,
  masks: 0,
  most: 1,
  endUser: false,
};

/** Gemini's `generateContent` with pictures: refusals come with status 200, as a block, a finish reason, or prose without a picture. */
export function createGeminiModel(options: GeminiOptions): ImageModel {
  return {
    name: options.name,
    kind: 'gemini',
    operations: ['generate', 'edit'],
    plan: (request) => ({ notes: notesOn(request, TAKES) }),
    async *render(request, signal) {
      const { apiKey } = options;
      const session = upstreamSession(options, apiKey === undefined ? {} : { 'x-goog-api-key': apiKey() }, signal);
      yield await renderOnce(bodyOf(request), options, session);
    },
  };
}

const HARMS = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT'] as const;
const STRICTEST = HARMS.map((harm) => ({ category: `HARM_CATEGORY_${harm}`, threshold: 'BLOCK_LOW_AND_ABOVE' }));

function bodyOf(request: RenderRequest) {
  const { aspect_ratio: aspectRatio, seed, temperature } = allowedParameters(request, TAKES);
  const pictures = inputsOf(request, 'image').map(({ bytes }) => ({ inlineData: { mimeType: mediaType(bytes), data: base64(bytes) } }));
  return {
    contents: [{ role: 'user', parts: [{ text: request.prompt }, ...(request.operation === 'edit' ? pictures : [])] }],
    ...(request.conservative === true ? { safetySettings: STRICTEST } : {}),
    generationConfig: {
      responseModalities: ['IMAGE'],
      ...(aspectRatio === undefined ? {} : { imageConfig: { aspectRatio } }),
      ...(typeof seed === 'number' ? { seed } : {}),
      ...(typeof temperature === 'number' ? { temperature } : {}),
    },
  };
}

async function renderOnce(
  request: object,
  { baseUrl, upstreamModel, name }: GeminiOptions,
  session: UpstreamSession,
): Promise<RenderEvent> {
  const reply = await session.call(`${baseUrl}/models/${upstreamModel ?? name}:generateContent`, request);
  if ('kind' in reply) return failedEvent(failureOfCall(reply));
  const { body } = reply;
  const problem = await problemOf(reply, { dialects: ['gemini'], isBlack: NEVER_BLACK, code: (one) => textMember(one, 'error', 'status') });
  if (problem !== null) return problem;
  const parts = listMember(body, 'candidates').flatMap((candidate) => listMember(candidate, 'content', 'parts'));
  const sources = parts.map((part) => ({ base64: textMember(part, 'inlineData', 'data') })).filter((source) => source.base64 !== '');
  const usage = member(body, 'usageMetadata');
  const modelVersion = textMember(body, 'modelVersion') || (upstreamModel ?? name);
  return picturesEvent(sources, { n: 1, modelVersion, usage: isRecord(usage) ? usage : null, fetchPicture: session.fetchPicture });
}
