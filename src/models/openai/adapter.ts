import { z } from 'zod';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { collectBody } from '../../outbound/collect-body.ts';
import type { OutboundRequest } from '../../outbound/outcome.ts';
import { failedEvent, failureOfCall } from '../failures.ts';
import { pictureFetcher } from '../fetch-picture.ts';
import { COMMON_SETTINGS, type ModelParts, type ModelSettings } from '../model-settings.ts';
import { mapRequest, notesFor, type OpenAiDialect, streams } from './map-request.ts';
import { readReply } from './read-reply.ts';
import { readStream } from './read-stream.ts';

/** Settings of an upstream that speaks OpenAI's image API. */
export const OPENAI_SETTINGS = z.strictObject({
  ...COMMON_SETTINGS,
  /** What to ask for. GPT image models refuse the parameter and always send base64; dall-e sends URLs unless asked. */
  responseFormat: z.enum(['b64_json', 'url', 'omit']).optional(),
  /** Which field carries the pseudonymous end user. `user` is OpenAI's older name. */
  endUserField: z.enum(['safety_identifier', 'user', 'omit']).optional(),
  /** `api-key` for Azure. */
  apiKeyHeader: z.enum(['authorization', 'api-key']).default('authorization'),
});

type OpenAiOptions = Omit<z.output<typeof OPENAI_SETTINGS>, keyof ModelSettings> & ModelSettings & ModelParts;

/** OpenAI's image API, and whatever speaks it: generations, edits, variations, streams; base64 and URL answers. */
export function createOpenAiModel(options: OpenAiOptions): ImageModel {
  const dialect = dialectOf(options);
  return {
    name: options.name,
    kind: 'openai',
    operations: ['generate', 'edit', 'variation'],
    plan: (request) => ({ notes: notesFor(request, dialect) }),
    render: (request, signal) => render({ options, dialect, request, signal }),
  };
}

function dialectOf({ name, upstreamModel, responseFormat, endUserField }: OpenAiOptions): OpenAiDialect {
  const model = upstreamModel ?? name;
  const isDallE = upstreamModel?.startsWith('dall-e') === true;
  return {
    model,
    responseFormat: responseFormat ?? (isDallE ? 'b64_json' : 'omit'),
    endUserField: endUserField ?? (isDallE ? 'user' : 'safety_identifier'),
  };
}

async function* render({
  options,
  dialect,
  request,
  signal,
}: {
  readonly options: OpenAiOptions;
  readonly dialect: OpenAiDialect;
  readonly request: RenderRequest;
  readonly signal: AbortSignal;
}): AsyncGenerator<RenderEvent> {
  const { outbound, baseUrl, deadlineMs, maxReplyBytes } = options;
  const deadlineAtMs = performance.now() + deadlineMs;
  const stream = await outbound.open(outgoing(options, { dialect, request, signal }));
  if (stream.kind === 'failed') {
    yield failedEvent(failureOfCall(stream));
    return;
  }
  const context = {
    dialects: ['openai_moderation', 'content_policy'] as const,
    model: dialect.model,
    n: request.n,
    fetchPicture: pictureFetcher({ outbound, baseUrl, maxReplyBytes, deadlineAtMs, signal }),
    wantsPartials: request.partialImages > 0,
  };
  // Some compatible servers ignore `stream` and answer in one piece.
  if (stream.status === 200 && stream.headers['content-type']?.startsWith('text/event-stream') === true) {
    yield* readStream(stream.parts, context);
    return;
  }
  const response = await collectBody(stream);
  yield response.kind === 'failed' ? failedEvent(failureOfCall(response)) : await readReply(response, context);
}

function outgoing(
  { baseUrl, apiKey, apiKeyHeader, deadlineMs, maxReplyBytes }: OpenAiOptions,
  { dialect, request, signal }: { readonly dialect: OpenAiDialect; readonly request: RenderRequest; readonly signal: AbortSignal },
): OutboundRequest {
  const { path, contentType, body } = mapRequest(request, dialect);
  const authorization = apiKeyHeader === 'authorization' ? 'Bearer ' : '';
  const headers = {
    'content-type': contentType,
    accept: streams(request) ? 'text/event-stream' : 'application/json',
    ...(apiKey === undefined ? {} : { [apiKeyHeader]: `${authorization}${apiKey()}` }),
  };
  return { url: `${baseUrl}${path}`, method: 'POST', headers, body, trust: 'configured', maxBytes: maxReplyBytes, deadlineMs, signal };
}
