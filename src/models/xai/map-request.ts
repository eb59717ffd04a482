import type { RenderRequest } from '../../contracts/image-model.ts';
import type { ParameterNote, ParameterValue } from '../../contracts/submission.ts';
import { nearestAspectRatio } from '../aspect-ratio.ts';
import { dataUrl } from '../image-bytes.ts';
import { endUserNote, inputsOf, isEndUserParameter, sizeNote, unsupportedWhere } from '../parameter-notes.ts';

/** docs.x.ai, image generation: the ratios besides `auto`. */
const ASPECT_RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2', '9:19.5', '19.5:9', '9:20', '20:9', '1:2', '2:1'] as const;
const PASSED_ON: readonly string[] = ['aspect_ratio', 'resolution', 'quality'];

export interface MappedXaiRequest {
  readonly path: string;
  readonly body: string;
}

/** The request as xAI takes it: always JSON, input pictures as data URLs. */
export function mapRequest(request: RenderRequest, model: string): MappedXaiRequest {
  const images = inputsOf(request, 'image').map(({ bytes }) => ({ url: dataUrl(bytes), type: 'image_url' }));
  const ratio = aspectRatioFor(request);
  const body: Record<string, ParameterValue> = {
    model,
    prompt: request.prompt,
    n: request.n,
    response_format: 'b64_json',
    ...Object.fromEntries(Object.entries(request.parameters).filter(([name]) => PASSED_ON.includes(name))),
    ...(ratio === undefined ? {} : { aspect_ratio: ratio }),
    ...(request.endUser === undefined ? {} : { user: request.endUser }),
  };
  if (request.operation === 'generate') return { path: '/images/generations', body: JSON.stringify(body) };
  const [only] = images;
  const source = images.length === 1 && only !== undefined ? { image: only } : { images };
  return { path: '/images/edits', body: JSON.stringify({ ...body, ...source }) };
}

/** The ratio nearest to `size`, unless the caller chose one; xAI has no size in pixels. */
function aspectRatioFor({ parameters }: RenderRequest): string | undefined {
  const size = parameters['size'];
  return typeof size === 'string' && parameters['aspect_ratio'] === undefined ? nearestAspectRatio(size, ASPECT_RATIOS) : undefined;
}

/** What xAI has no field for. */
export function notesFor(request: RenderRequest): readonly ParameterNote[] {
  return [
    ...unsupportedWhere({
      stream: request.stream,
      partial_images: request.partialImages > 0,
      output_format: request.outputFormat !== 'png' && request.outputFormat !== 'jpeg',
      image: request.operation === 'generate' && inputsOf(request, 'image').length > 0,
      mask: inputsOf(request, 'mask').length > 0,
    }),
    ...Object.entries(request.parameters).flatMap(([name, value]) => {
      if (name === 'size') return sizeNote(value, aspectRatioFor(request));
      if (isEndUserParameter(name)) return [endUserNote(name, { replaced: request.endUser !== undefined })];
      return unsupportedWhere({ [name]: !PASSED_ON.includes(name) });
    }),
  ];
}
