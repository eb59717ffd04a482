import type { RenderRequest } from '../../contracts/image-model.ts';
import type { InputImage, ParameterNote, ParameterValue } from '../../contracts/submission.ts';
import { mediaType } from '../image-bytes.ts';
import { encodeMultipart, type FormPart, formFields } from '../multipart.ts';
import { endUserNote, inputsOf, isEndUserParameter, unsupportedWhere } from '../parameter-notes.ts';

/** What of the adapter's settings shapes a request. */
export interface OpenAiDialect {
  readonly model: string;
  readonly responseFormat: 'b64_json' | 'url' | 'omit';
  readonly endUserField: 'safety_identifier' | 'user' | 'omit';
}

export interface MappedRequest {
  /** Below the base URL. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array | string;
}

/** Parameters that we set ourselves, so that what was judged is what goes out. */
const OURS: ReadonlySet<string> = new Set([
  'prompt',
  'model',
  'n',
  'image',
  'image[]',
  'images',
  'mask',
  'stream',
  'partial_images',
  'response_format',
  'output_format',
  'user',
  'safety_identifier',
  // What callers note for themselves: nobody judges it, so no model gets it.
  'metadata',
]);

const PATHS = { generate: '/images/generations', edit: '/images/edits', variation: '/images/variations' } as const;

/** The request as it goes out: JSON for generations, a form for edits and variations. */
export function mapRequest(request: RenderRequest, dialect: OpenAiDialect): MappedRequest {
  const path = PATHS[request.operation];
  const fields = fieldsOf(request, dialect);
  if (request.operation === 'generate') {
    return { path, contentType: 'application/json', body: JSON.stringify(Object.fromEntries(fields)) };
  }
  const parts = fields.flatMap(([name, value]) => formFields(name, value));
  return { path, ...encodeMultipart([...parts, ...fileParts(request)]) };
}

function fieldsOf(request: RenderRequest, dialect: OpenAiDialect): readonly (readonly [string, ParameterValue])[] {
  const fields: [string, ParameterValue][] = [['model', dialect.model]];
  if (request.operation !== 'variation') fields.push(['prompt', request.prompt]);
  fields.push(['n', request.n], ...Object.entries(request.parameters).filter(([name]) => !OURS.has(name)));
  if (streams(request)) fields.push(['stream', true], ['partial_images', request.partialImages]);
  // `png` is the API's default, and models without the parameter refuse a request that names it.
  if (request.outputFormat !== 'png' && takesOutputFormat(request, dialect)) fields.push(['output_format', request.outputFormat]);
  if (dialect.responseFormat !== 'omit') fields.push(['response_format', dialect.responseFormat]);
  if (dialect.endUserField !== 'omit' && request.endUser !== undefined) fields.push([dialect.endUserField, request.endUser]);
  return fields;
}

function fileParts(request: RenderRequest): readonly FormPart[] {
  const images = inputsOf(request, 'image');
  const name = images.length > 1 ? 'image[]' : 'image';
  const file = (field: string, { bytes, index }: InputImage): FormPart => {
    const type = mediaType(bytes);
    return { name: field, fileName: `input-${index}.${type.split(/[/+]/)[1] ?? 'bin'}`, mediaType: type, bytes };
  };
  const masks = request.operation === 'edit' ? inputsOf(request, 'mask').slice(0, 1) : [];
  return [...images.map((image) => file(name, image)), ...masks.map((mask) => file('mask', mask))];
}

/** Variations have no stream. */
export function streams(request: RenderRequest): boolean {
  return request.stream && request.operation !== 'variation';
}

function takesOutputFormat(request: RenderRequest, dialect: OpenAiDialect): boolean {
  return request.operation !== 'variation' && !dialect.model.startsWith('dall-e');
}

/** What the API has no field for. Everything else goes through as it is, names that we do not know included. */
export function notesFor(request: RenderRequest, dialect: OpenAiDialect): readonly ParameterNote[] {
  const isVariation = request.operation === 'variation';
  const maxMasks = request.operation === 'edit' ? 1 : 0;
  return [
    ...unsupportedWhere({
      stream: request.stream && !streams(request),
      partial_images: request.partialImages > 0 && !streams(request),
      output_format: request.outputFormat !== 'png' && !takesOutputFormat(request, dialect),
      prompt: isVariation && request.prompt !== '',
      image: request.operation === 'generate' && inputsOf(request, 'image').length > 0,
      mask: inputsOf(request, 'mask').length > maxMasks,
    }),
    ...Object.entries(request.parameters).flatMap(([name, value]) => parameterNotes(name, value, { request, dialect })),
  ];
}

function parameterNotes(
  name: string,
  value: ParameterValue,
  { request, dialect }: { readonly request: RenderRequest; readonly dialect: OpenAiDialect },
): readonly ParameterNote[] {
  if (isEndUserParameter(name)) {
    const isPassedOn = request.endUser !== undefined && dialect.endUserField !== 'omit';
    if (isPassedOn && value === request.endUser)
      return name === dialect.endUserField ? [] : [{ name, what: 'clamped', to: dialect.endUserField }];
    return [endUserNote(name, { replaced: isPassedOn })];
  }
  // What is ours comes from the request's own members. A form has no null.
  return unsupportedWhere({ [name]: OURS.has(name) || (value === null && request.operation !== 'generate') });
}
