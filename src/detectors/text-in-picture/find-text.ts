import { patchOf } from '../looking/patch.ts';
import { type Place, type Pyramid, wholeOf } from '../looking/pyramid.ts';
import { networkSession } from '../networks/network-session.ts';
import { Tensor } from '../networks/onnx-runtime.ts';
import { TEXT_BOXES } from './text-networks.ts';
import { textPlaces } from './text-places.ts';

/** The network halves its input five times. */
const STEP_PX = 32;
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Where lines of text stand in a picture, in its pixels. @param side of the picture as the network sees it */
export async function findText(pyramid: Pyramid, { side, most }: { readonly side: number; readonly most: number }): Promise<Place[]> {
  const shrink = Math.min(1, side / Math.max(pyramid.width, pyramid.height));
  const [width, height] = [stepped(pyramid.width * shrink), stepped(pyramid.height * shrink)];
  const patch = patchOf(pyramid, wholeOf(pyramid), width, height);
  const session = await networkSession(TEXT_BOXES);
  const outputs = await session.run({ x: new Tensor('float32', planes(patch, width * height), [1, 3, height, width]) });
  const chances = outputs[session.outputNames[0] ?? '']?.data;
  if (!(chances instanceof Float32Array) || chances.length !== width * height) throw new TypeError('text-boxes gave no map');
  const scale = Math.sqrt((pyramid.width / width) * (pyramid.height / height));
  return textPlaces({ width, height, chances }, most).map((place) => ({
    centerX: (place.centerX * pyramid.width) / width,
    centerY: (place.centerY * pyramid.height) / height,
    width: place.width * scale,
    height: place.height * scale,
    angle: place.angle,
  }));
}

function stepped(pixels: number): number {
  return Math.max(STEP_PX, Math.round(pixels / STEP_PX) * STEP_PX);
}

function planes(patch: Float32Array, pixels: number): Float32Array {
  const out = new Float32Array(patch.length);
  for (let channel = 0; channel < 3; channel++) {
    const [mean, deviation] = [MEAN[channel] ?? 0, DEVIATION[channel] ?? 1];
    for (let pixel = 0; pixel < pixels; pixel++)
      out[channel * pixels + pixel] = ((patch[pixel * 3 + channel] ?? 0) / 255 - mean) / deviation;
  }
  return out;
}
