import type { RenderRequest } from '../../contracts/image-model.ts';
import type { ParameterNote, ParameterValue } from '../../contracts/submission.ts';
import { base64 } from '../image-bytes.ts';
import { inputsOf, unsupportedWhere } from '../parameter-notes.ts';

/**
 * The only parameters that go through, with their types. Left out on purpose: `override_settings` (switches checkpoint
 * and censor), `script_*` and `alwayson_scripts` (run code, carry input pictures that nobody checked), `styles` (texts
 * that nobody checked), `save_images` and `do_not_save_*` (what stays on the server's disk is the operator's choice).
 */
const PASSED_ON: ReadonlyMap<string, 'string' | 'number' | 'boolean'> = new Map([
  ['negative_prompt', 'string'],
  ['seed', 'number'],
  ['subseed', 'number'],
  ['subseed_strength', 'number'],
  ['steps', 'number'],
  ['cfg_scale', 'number'],
  ['width', 'number'],
  ['height', 'number'],
  ['sampler_name', 'string'],
  ['scheduler', 'string'],
  ['restore_faces', 'boolean'],
  ['tiling', 'boolean'],
  ['eta', 'number'],
]);
const EDITS_ONLY: ReadonlyMap<string, 'number'> = new Map([['denoising_strength', 'number']]);

/** The request as AUTOMATIC1111 takes it. */
export function mapRequest(request: RenderRequest): { readonly path: string; readonly body: string } {
  const body: Record<string, ParameterValue> = {
    ...sizeOf(request),
    ...Object.fromEntries(Object.entries(request.parameters).filter(([name, value]) => passesOn(request, name, value))),
    prompt: request.prompt,
    // Rounds of one picture need the least memory of the card.
    n_iter: request.n,
    batch_size: 1,
    send_images: true,
    save_images: false,
  };
  if (request.operation === 'generate') return { path: '/sdapi/v1/txt2img', body: JSON.stringify(body) };
  const [image] = inputsOf(request, 'image');
  const [mask] = inputsOf(request, 'mask');
  body['init_images'] = image === undefined ? [] : [base64(image.bytes)];
  if (mask !== undefined) {
    body['mask'] = base64(mask.bytes);
    // OpenAI's masks are transparent where to paint, this API's opaque.
    body['inpainting_mask_invert'] = 1;
  }
  return { path: '/sdapi/v1/img2img', body: JSON.stringify(body) };
}

function passesOn({ operation }: RenderRequest, name: string, value: ParameterValue): boolean {
  const type = PASSED_ON.get(name) ?? (operation === 'edit' ? EDITS_ONLY.get(name) : undefined);
  // `typeof` never yields undefined, so an unknown name does not pass.
  return typeof value === type;
}

function sizeOf({ parameters }: RenderRequest): { readonly width?: number; readonly height?: number } {
  const size = parameters['size'];
  const match = typeof size === 'string' ? /^(\d{1,5})x(\d{1,5})$/.exec(size) : null;
  return match === null ? {} : { width: Number(match[1]), height: Number(match[2]) };
}

/** What does not go through. */
export function notesFor(request: RenderRequest): readonly ParameterNote[] {
  const maxInputs = request.operation === 'edit' ? 1 : 0;
  return [
    ...unsupportedWhere({
      stream: request.stream,
      partial_images: request.partialImages > 0,
      output_format: request.outputFormat !== 'png',
      image: inputsOf(request, 'image').length > maxInputs,
      mask: inputsOf(request, 'mask').length > maxInputs,
    }),
    ...Object.entries(request.parameters).flatMap(([name, value]) =>
      unsupportedWhere({ [name]: name === 'size' ? !passesSize(request) : !passesOn(request, name, value) }),
    ),
  ];
}

function passesSize(request: RenderRequest): boolean {
  const { size, width, height } = request.parameters;
  return size === 'auto' || size === null || (sizeOf(request).width !== undefined && width === undefined && height === undefined);
}
