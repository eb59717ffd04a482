import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { failedEvent, failureOfCall } from '../failures.ts';
import { pictureFetcher } from '../fetch-picture.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { readReply } from '../openai/read-reply.ts';
import { mapRequest, notesFor } from './map-request.ts';

/** Settings of xAI's image API. */
export const XAI_SETTINGS = z.strictObject(COMMON_SETTINGS);

type XaiOptions = ModelSettings & ModelParts;

/** xAI: answers in OpenAI's shape, edits as JSON, refuses with a 200. */
export function createXaiModel(options: XaiOptions): ImageModel {
  return {
    name: options.name,
    kind: 'xai',
    operations: ['generate', 'edit'],
    plan: (request) => ({ notes: notesFor(request) }),
    async *render(request, signal) {
      yield await renderOnce(options, request, signal);
    },
  };
}

async function renderOnce(options: XaiOptions, request: RenderRequest, signal: AbortSignal): Promise<RenderEvent> {
  const { name, upstreamModel, baseUrl, apiKey, outbound, deadlineMs, maxReplyBytes } = options;
  const deadlineAtMs = performance.now() + deadlineMs;
  const model = upstreamModel ?? name;
  const { path, body } = mapRequest(request, model);
  const response = await outbound.request({
    url: `${baseUrl}${path}`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` }),
    },
    body,
    trust: 'configured',
    maxBytes: maxReplyBytes,
    deadlineMs,
    signal,
  });
  if (response.kind === 'failed') return failedEvent(failureOfCall(response));
  const fetchPicture = pictureFetcher({ outbound, baseUrl, maxReplyBytes, deadlineAtMs, signal });
  return readReply(response, { dialects: ['xai'], model, n: request.n, fetchPicture });
}
