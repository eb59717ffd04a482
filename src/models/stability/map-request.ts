import type { RenderRequest } from '../../contracts/image-model.ts';
import type { ParameterNote, ParameterValue } from '../../contracts/submission.ts';
import { nearestAspectRatio } from '../aspect-ratio.ts';
import { mediaType } from '../image-bytes.ts';
import { encodeMultipart, type FormPart } from '../multipart.ts';
import { endUserNote, inputsOf, isEndUserParameter, sizeNote, unsupportedWhere } from '../parameter-notes.ts';

export type StabilityEngine = 'core' | 'ultra' | 'sd3';

const ASPECT_RATIOS = ['16:9', '1:1', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21'] as const;
/** How much of the input picture is painted over when the caller does not say; the API demands a value. */
const DEFAULT_STRENGTH = 0.7;
const PASSED_ON: Readonly<Record<StabilityEngine, readonly string[]>> = {
  core: ['negative_prompt', 'seed', 'style_preset', 'aspect_ratio'],
  ultra: ['negative_prompt', 'seed', 'style_preset', 'aspect_ratio'],
  sd3: ['negative_prompt', 'seed', 'style_preset', 'aspect_ratio', 'cfg_scale'],
};
const FORMATS: Readonly<Record<StabilityEngine, readonly string[]>> = {
  core: ['png', 'jpeg', 'webp'],
  ultra: ['png', 'jpeg', 'webp'],
  sd3: ['png', 'jpeg'],
};

export interface StabilityDialect {
  readonly engine: StabilityEngine;
  /** The `model` field of `sd3`. */
  readonly upstreamModel: string | undefined;
}

/** The request as Stability v2beta takes it: a form, even without a file. One picture per call. */
export function mapRequest(request: RenderRequest, { engine, upstreamModel }: StabilityDialect) {
  const fields: [string, string][] = [['prompt', request.prompt]];
  if (engine === 'sd3' && upstreamModel !== undefined) fields.push(['model', upstreamModel]);
  for (const [name, value] of Object.entries(request.parameters)) {
    if (passesOn({ request, engine, name, value })) fields.push([name, String(value)]);
  }
  const ratio = aspectRatioFor(request, engine);
  if (ratio !== undefined) fields.push(['aspect_ratio', ratio]);
  if (FORMATS[engine].includes(request.outputFormat)) fields.push(['output_format', request.outputFormat]);
  const parts: FormPart[] = fields.map(([name, text]) => ({ name, text }));
  if (request.operation === 'edit') parts.push(...editParts(request, engine));
  return { path: `/v2beta/stable-image/generate/${engine}`, ...encodeMultipart(parts) };
}

function editParts(request: RenderRequest, engine: StabilityEngine): readonly FormPart[] {
  const parts: FormPart[] = [];
  if (typeof request.parameters['strength'] !== 'number') parts.push({ name: 'strength', text: String(DEFAULT_STRENGTH) });
  if (engine === 'sd3') parts.push({ name: 'mode', text: 'image-to-image' });
  const [image] = inputsOf(request, 'image');
  if (image !== undefined) parts.push({ name: 'image', fileName: 'input', mediaType: mediaType(image.bytes), bytes: image.bytes });
  return parts;
}

/** `sd3` takes the shape of an edit from the picture and refuses a ratio beside it. */
function leavesRatioToPicture({ operation }: RenderRequest, engine: StabilityEngine): boolean {
  return engine === 'sd3' && operation === 'edit';
}

function aspectRatioFor(request: RenderRequest, engine: StabilityEngine): string | undefined {
  const { size, aspect_ratio: chosen } = request.parameters;
  if (typeof size !== 'string' || chosen !== undefined || leavesRatioToPicture(request, engine)) return undefined;
  return nearestAspectRatio(size, ASPECT_RATIOS);
}

function passesOn({
  request,
  engine,
  name,
  value,
}: {
  readonly request: RenderRequest;
  readonly engine: StabilityEngine;
  readonly name: string;
  readonly value: ParameterValue;
}): boolean {
  if (name === 'strength') return request.operation === 'edit' && typeof value === 'number';
  if (name === 'aspect_ratio' && leavesRatioToPicture(request, engine)) return false;
  return PASSED_ON[engine].includes(name) && (typeof value === 'string' || typeof value === 'number');
}

/** What the API has no field for, and `n`, of which it makes one. */
export function notesFor(request: RenderRequest, { engine }: StabilityDialect): readonly ParameterNote[] {
  return [
    ...(request.n > 1 ? [{ name: 'n', what: 'clamped', to: '1' } as const] : []),
    ...unsupportedWhere({
      stream: request.stream,
      partial_images: request.partialImages > 0,
      output_format: !FORMATS[engine].includes(request.outputFormat),
      image: inputsOf(request, 'image').length > (request.operation === 'edit' ? 1 : 0),
      mask: inputsOf(request, 'mask').length > 0,
    }),
    ...Object.entries(request.parameters).flatMap(([name, value]) => {
      if (name === 'size') return sizeNote(value, aspectRatioFor(request, engine));
      if (isEndUserParameter(name)) return [endUserNote(name, { replaced: request.endUser !== undefined })];
      return unsupportedWhere({ [name]: !passesOn({ request, engine, name, value }) });
    }),
  ];
}
