import type { RenderRequest } from '../../contracts/image-model.ts';
import type { ImageFormat, ParameterNote, ParameterValue } from '../../contracts/submission.ts';
import { endUserNote, inputsOf, isEndUserParameter, unsupportedWhere } from '../parameter-notes.ts';
import { parseSize, type Size } from './picture-size.ts';

export type Quality = 'low' | 'medium' | 'high';

/** What the caller's parameters come to. */
export interface Order {
  /** Null: that of the input picture, or square without one. */
  readonly size: Size | null;
  readonly quality: Quality;
  readonly transparent: boolean;
  readonly format: ImageFormat;
  /** JPEG and WebP, 0–100. */
  readonly compression: number;
  readonly seed: number;
  /** GIF only. */
  readonly frames: number;
  readonly frameDurationMs: number;
}

type Setting = { readonly sets: Partial<Order>; readonly to?: string } | 'unsupported';
type Reader = (value: ParameterValue, request: RenderRequest) => Setting;

const DEFAULTS = { size: null, quality: 'medium', transparent: false, compression: 90, seed: 0, frames: 4, frameDurationMs: 200 } as const;
const MAX_FRAMES = 12;

const QUALITIES: ReadonlyMap<ParameterValue, Quality> = new Map([
  ['auto', 'medium'],
  ['standard', 'medium'],
  ['hd', 'high'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
]);

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['size', readSize],
  ['quality', readQuality],
  ['background', readBackground],
  ['output_compression', readCompression],
  ['seed', (value) => (Number.isSafeInteger(value) ? { sets: { seed: Number(value) } } : 'unsupported')],
  ['frame_count', (value, request) => (isAnimation(request) ? bounded('frames', value, { min: 3, max: MAX_FRAMES }) : 'unsupported')],
  [
    'frame_duration_ms',
    (value, request) => (isAnimation(request) ? bounded('frameDurationMs', value, { min: 20, max: 10_000 }) : 'unsupported'),
  ],
]);

/** Reads the parameters once, for the plan and for the rendering, with a note on each that is not honored as sent. */
export function readOrder(request: RenderRequest): { readonly order: Order; readonly notes: readonly ParameterNote[] } {
  const notes: ParameterNote[] = [...notesOnRequest(request)];
  let order: Order = { ...DEFAULTS, format: formatOf(request) };
  for (const [name, value] of Object.entries(request.parameters)) {
    const setting = isEndUserParameter(name) ? 'unsupported' : (READERS.get(name)?.(value, request) ?? 'unsupported');
    if (setting !== 'unsupported') {
      order = { ...order, ...setting.sets };
      if (setting.to !== undefined) notes.push({ name, what: 'clamped', to: setting.to });
    } else if (isEndUserParameter(name)) notes.push(endUserNote(name, { replaced: false }));
    else if (value !== null) notes.push({ name, what: 'unsupported' });
  }
  return { order, notes };
}

/** Variations have no stream. */
export function partialsOf({ stream, partialImages, operation }: RenderRequest): number {
  return stream && operation !== 'variation' ? partialImages : 0;
}

function notesOnRequest(request: RenderRequest): readonly ParameterNote[] {
  const { operation, partialImages, outputFormat } = request;
  const [images, masks] = [inputsOf(request, 'image').length, inputsOf(request, 'mask').length];
  const format = formatOf(request);
  return [
    ...unsupportedWhere({
      stream: request.stream && operation === 'variation',
      partial_images: partialImages > partialsOf(request),
      prompt: operation === 'variation' && request.prompt !== '',
      image: images > (operation === 'edit' ? images : operation === 'variation' ? 1 : 0),
      mask: masks > (operation === 'edit' ? 1 : 0),
    }),
    ...(format === outputFormat ? [] : [{ name: 'output_format', what: 'clamped' as const, to: format }]),
  ];
}

/** Pixels do not turn into shapes, and a reworked picture does not move. */
function formatOf({ operation, outputFormat }: RenderRequest): ImageFormat {
  return operation !== 'generate' && (outputFormat === 'svg' || outputFormat === 'gif') ? 'png' : outputFormat;
}

function isAnimation(request: RenderRequest): boolean {
  return formatOf(request) === 'gif';
}

function readSize(value: ParameterValue): Setting {
  if (value === 'auto') return { sets: {} };
  const size = parseSize(value);
  return size === undefined ? 'unsupported' : { sets: { size } };
}

function readQuality(value: ParameterValue, request: RenderRequest): Setting {
  const quality = QUALITIES.get(value);
  if (quality === undefined) return 'unsupported';
  // A variation paints nothing anew.
  return request.operation === 'variation' && value !== 'auto' ? 'unsupported' : { sets: { quality } };
}

function readBackground(value: ParameterValue, request: RenderRequest): Setting {
  if (value === 'auto' || value === 'opaque') return { sets: {} };
  if (value !== 'transparent' || request.operation !== 'generate') return 'unsupported';
  return formatOf(request) === 'jpeg' ? { sets: {}, to: 'opaque' } : { sets: { transparent: true } };
}

function readCompression(value: ParameterValue, request: RenderRequest): Setting {
  const format = formatOf(request);
  return format === 'jpeg' || format === 'webp' ? bounded('compression', value, { min: 0, max: 100 }) : 'unsupported';
}

function bounded(
  name: 'frames' | 'frameDurationMs' | 'compression',
  value: ParameterValue,
  { min, max }: { readonly min: number; readonly max: number },
): Setting {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'unsupported';
  const used = Math.min(max, Math.max(min, Math.round(value)));
  return { sets: { [name]: used }, ...(used === value ? {} : { to: String(used) }) };
}
