import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { failedEvent, failureOfCall } from '../failures.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import type { IsBlack } from '../refusals/recognition.ts';
import { mapRequest, notesFor } from './map-request.ts';
import { readReply } from './read-reply.ts';

/** Settings of an AUTOMATIC1111 server. The checkpoint is the one that the server has loaded. */
export const AUTOMATIC1111_SETTINGS = z.strictObject(COMMON_SETTINGS).omit({ upstreamModel: true });

/** `apiKey` gives `user:password` for HTTP Basic, when the server runs with `--api-auth`. */
type Automatic1111Options = Omit<ModelSettings, 'upstreamModel'> & ModelParts;

/**
 * AUTOMATIC1111, `txt2img` and `img2img` with an allow-list. Throws `CONFIG_INVALID` without `isBlack`: a black
 * picture is the only way in which its censor says no.
 */
export function createAutomatic1111Model(options: Automatic1111Options): ImageModel {
  const { name, isBlack } = options;
  if (isBlack === undefined) throw new ImprimaturError('CONFIG_INVALID', { detail: `model ${name}: nothing tells black pictures` });
  return {
    name,
    kind: 'automatic1111',
    operations: ['generate', 'edit'],
    plan: (request) => ({ notes: notesFor(request) }),
    async *render(request, signal) {
      yield await renderOnce({ ...options, isBlack }, request, signal);
    },
  };
}

async function renderOnce(
  options: Automatic1111Options & { readonly isBlack: IsBlack },
  request: RenderRequest,
  signal: AbortSignal,
): Promise<RenderEvent> {
  const { name, baseUrl, apiKey, outbound, deadlineMs, maxReplyBytes, isBlack } = options;
  const { path, body } = mapRequest(request);
  const response = await outbound.request({
    url: `${baseUrl}${path}`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Basic ${Buffer.from(apiKey()).toString('base64')}` }),
    },
    body,
    trust: 'configured',
    maxBytes: maxReplyBytes,
    deadlineMs,
    signal,
  });
  if (response.kind === 'failed') return failedEvent(failureOfCall(response));
  return readReply(response, { n: request.n, name, isBlack });
}
