import { z } from 'zod';
import type { RenderRequest } from '../contracts/image-model.ts';
import type { ParameterNote, ParameterValue } from '../contracts/submission.ts';
import { nearestAspectRatio } from './aspect-ratio.ts';
import { endUserNote, inputsOf, isEndUserParameter, sizeNote, unsupportedWhere } from './parameter-notes.ts';

/** Parameters by which a caller could weaken an upstream's own safety; an operator may fix them, no caller may send them. */
const WEAKENING: readonly string[] = [
  'disable_safety_checker',
  'enable_safety_checker',
  'safety_tolerance',
  'safetySetting',
  'safetySettings',
  'personGeneration',
  'addWatermark',
  'webhook',
  'webhook_url',
  'webhook_secret',
];

/** Names of parameters that callers may set; what weakens safety, or sends pictures elsewhere, cannot be named. */
export const passedOnSchema = z.array(
  z
    .string()
    .regex(/^\w{1,64}$/)
    .refine((name) => !WEAKENING.includes(name), 'callers may not set this: fix it in "input", if at all'),
);

/** What an upstream takes of a request. */
export interface Takes {
  readonly parameters: readonly string[];
  /** Its ratios, where it knows no sizes. */
  readonly ratios?: readonly string[];
  /** True: `size` goes through as width and height. */
  readonly sizes?: boolean;
  readonly formats: readonly string[];
  readonly pictures: number;
  readonly masks: number;
  readonly most: number;
  readonly endUser: boolean;
}

/** The caller's parameters that go through, with a ratio in place of a size. */
export function allowedParameters({ parameters }: RenderRequest, takes: Takes): Record<string, ParameterValue> {
  const allowed = Object.entries(parameters).filter(([name, value]) => takes.parameters.includes(name) && isScalar(value));
  const ratio = ratioOf(parameters, takes);
  return { ...Object.fromEntries(allowed), ...(ratio === undefined ? {} : { aspect_ratio: ratio }) };
}

/** Width and height of `size`. */
export function sizeOf({ parameters: { size } }: RenderRequest): { readonly width: number; readonly height: number } | null {
  const match = typeof size === 'string' ? /^(\d{1,5})x(\d{1,5})$/.exec(size) : null;
  return match === null ? null : { width: Number(match[1]), height: Number(match[2]) };
}

function ratioOf({ size, aspect_ratio: chosen }: RenderRequest['parameters'], { ratios }: Takes): string | undefined {
  return typeof size === 'string' && chosen === undefined && ratios !== undefined ? nearestAspectRatio(size, ratios) : undefined;
}

function isScalar(value: ParameterValue): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** What does not go through as it was sent. */
export function notesOn(request: RenderRequest, takes: Takes): readonly ParameterNote[] {
  const isEdit = request.operation === 'edit';
  return [
    ...(request.n > takes.most ? [{ name: 'n', what: 'clamped', to: String(takes.most) } as const] : []),
    ...unsupportedWhere({
      stream: request.stream,
      partial_images: request.partialImages > 0,
      output_format: !takes.formats.includes(request.outputFormat),
      image: inputsOf(request, 'image').length > (isEdit ? takes.pictures : 0),
      mask: inputsOf(request, 'mask').length > (isEdit ? takes.masks : 0),
    }),
    ...Object.entries(request.parameters).flatMap(([name, value]) => {
      if (name === 'size')
        return takes.sizes === true && sizeOf(request) !== null ? [] : sizeNote(value, ratioOf(request.parameters, takes));
      if (isEndUserParameter(name)) return [endUserNote(name, { replaced: takes.endUser && request.endUser !== undefined })];
      return unsupportedWhere({ [name]: !takes.parameters.includes(name) || !isScalar(value) });
    }),
  ];
}
