import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { failedEvent, failureOfCall } from '../failures.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { mapRequest, notesFor } from './map-request.ts';
import { readReply } from './read-reply.ts';

/** Settings of Stability's v2beta API; `upstreamModel` names the model within `sd3`. */
export const STABILITY_SETTINGS = z.strictObject({
  ...COMMON_SETTINGS,
  engine: z.enum(['core', 'ultra', 'sd3']).default('core'),
});

type StabilityOptions = Pick<z.output<typeof STABILITY_SETTINGS>, 'engine'> & ModelSettings & ModelParts;

/** Stability v2beta: text to picture, and picture to picture where the engine has it. */
export function createStabilityModel(options: StabilityOptions): ImageModel {
  const { name, engine, upstreamModel } = options;
  return {
    name,
    kind: 'stability',
    operations: engine === 'core' ? ['generate'] : ['generate', 'edit'],
    plan: (request) => ({ notes: notesFor(request, { engine, upstreamModel }) }),
    async *render(request, signal) {
      yield await renderOnce(options, request, signal);
    },
  };
}

async function renderOnce(options: StabilityOptions, request: RenderRequest, signal: AbortSignal): Promise<RenderEvent> {
  const { baseUrl, engine, upstreamModel, apiKey, outbound, deadlineMs, maxReplyBytes } = options;
  const { path, contentType, body } = mapRequest(request, { engine, upstreamModel });
  const response = await outbound.request({
    url: `${baseUrl}${path}`,
    method: 'POST',
    headers: {
      'content-type': contentType,
      // The picture as it is, without base64; errors come as JSON all the same.
      accept: 'image/*',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` }),
      ...(request.endUser === undefined ? {} : { 'stability-client-user-id': request.endUser }),
    },
    body,
    trust: 'configured',
    maxBytes: maxReplyBytes,
    deadlineMs,
    signal,
  });
  if (response.kind === 'failed') return failedEvent(failureOfCall(response));
  return readReply(response, upstreamModel ?? engine);
}
