import { createHash } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import { newId, type RequestId } from '../contracts/ids.ts';
import {
  type Caller,
  IMAGE_FORMATS,
  type ImageFormat,
  type ImageRequest,
  type Operation,
  type ParameterValue,
  type Submission,
} from '../contracts/submission.ts';
import { requireWordsBeside } from './beside.ts';
import { conversationClaims, withoutClaims } from './conversation-claims.ts';
import { toInputImages, type UploadedImage } from './input-images.ts';
import { type ModelNames, requireOperation, resolveModelName } from './model-names.ts';
import { requireShallow } from './nesting.ts';

/** One request as a door read it: validated by `image-request-schema.ts`, files apart. */
export interface Incoming {
  readonly requestId: RequestId;
  readonly caller: Caller;
  readonly operation: Operation;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly uploads: readonly UploadedImage[];
  readonly idempotencyKey?: string;
  /** What the SDK says in `x-stainless-retry-count`. */
  readonly retryCount: number;
  /** `x-imprimatur-conversation`. */
  readonly conversation?: string;
  /** ISO 639 code of the language in which the caller wants to be answered. */
  readonly language?: string;
}

export interface IngestParts {
  readonly modelNames: ModelNames;
  readonly maxPromptChars: number;
}

/** Fields that are ours to act on; everything else is the model's. */
const OURS = new Set(['prompt', 'model', 'n', 'stream', 'partial_images', 'response_format', 'output_format', 'images', 'mask', 'image']);

/**
 * Bytes → submission: names resolved, images numbered and hashed, the whole request digested.
 * @throws ImprimaturError MODEL_UNKNOWN, REQUEST_INVALID, OPERATION_UNSUPPORTED
 */
export function ingest(incoming: Incoming, { modelNames, maxPromptChars }: IngestParts): Submission {
  const { fields, operation, idempotencyKey, language } = incoming;
  const { user } = incoming.caller;
  requireShallow(fields);
  const requestedModel = text(fields['model']);
  const prompt = text(fields['prompt']) ?? '';
  if (prompt.length > maxPromptChars) {
    throw new ImprimaturError('REQUEST_INVALID', {
      hint: `The prompt has ${prompt.length} characters; the most is ${maxPromptChars}.`,
      param: 'prompt',
    });
  }
  const parameters = rest(withoutClaims(fields));
  requireWordsBeside(parameters, maxPromptChars);
  const inputs = toInputImages(incoming.uploads);
  const model = resolveModelName(requestedModel, modelNames);
  requireOperation(model, operation, modelNames);
  const request: ImageRequest = {
    operation,
    model,
    requestedModel: requestedModel ?? '',
    prompt,
    n: number(fields['n']) ?? 1,
    inputs,
    stream: fields['stream'] === true,
    partialImages: number(fields['partial_images']) ?? 0,
    responseFormat: responseFormat(fields, requestedModel),
    outputFormat: format(fields['output_format']),
    parameters,
  };
  return {
    id: newId('gen'),
    requestId: incoming.requestId,
    caller: incoming.caller,
    request,
    receivedAt: new Date(),
    bodyDigest: digest(operation, fields, [
      ...inputs.map(({ role, sha256 }) => `${role}:${sha256}`),
      // The same words of two people are two requests.
      ...(user === undefined ? [] : [`user:${user.id}`]),
    ]),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    isRetry: incoming.retryCount > 0,
    notes: [],
    conversation: conversationClaims(fields, incoming.conversation, user?.id),
    ...(language === undefined ? {} : { language }),
  };
}

/** The legacy models answer with links unless told otherwise; everything since gpt-image-1 with base64. */
function responseFormat(fields: Incoming['fields'], model: string | undefined): ImageRequest['responseFormat'] {
  const asked = fields['response_format'];
  if (asked === 'url' || asked === 'b64_json') return asked;
  return model?.startsWith('dall-e-') ? 'url' : 'b64_json';
}

function format(value: unknown): ImageFormat {
  return IMAGE_FORMATS.find((one) => one === value) ?? 'png';
}

function rest(fields: Incoming['fields']): Record<string, ParameterValue> {
  const parameters: Record<string, ParameterValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!OURS.has(name) && value !== null && value !== undefined && isParameterValue(value)) parameters[name] = value;
  }
  return parameters;
}

function isParameterValue(value: unknown): value is ParameterValue {
  if (Array.isArray(value)) return value.every(isParameterValue);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isParameterValue);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** The same request again has the same digest, however its fields were ordered; pictures count by their hash. */
function digest(operation: Operation, fields: Incoming['fields'], images: readonly string[]): string {
  const { images: _images, mask: _mask, image: _image, ...said } = fields;
  return createHash('sha256')
    .update(JSON.stringify([operation, sortKeys(said), images]))
    .digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
