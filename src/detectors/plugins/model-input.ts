import { squareOf } from '../looking/patch.ts';
import { letterboxOf, type Place, type Pyramid, wholeOf } from '../looking/pyramid.ts';
import type { ModelManifest } from './model-manifest.ts';

type InputRecipe = ModelManifest['input'];

/** A picture as the model wants it: resized, in its layout and order of channels, in its range. */
export function tensorOf(pyramid: Pyramid, recipe: InputRecipe): Float32Array {
  return arranged(squareOf(pyramid, placeOf(pyramid, recipe.resize), recipe.size), recipe);
}

/** The shape of that, with a batch of one. */
export function shapeOf({ layout, size }: InputRecipe): readonly number[] {
  return layout === 'NCHW' ? [1, 3, size, size] : [1, size, size, 3];
}

function placeOf(pyramid: Pyramid, resize: InputRecipe['resize']): Place {
  if (resize === 'contain') return letterboxOf(pyramid);
  if (resize === 'stretch') return wholeOf(pyramid);
  const side = Math.min(pyramid.width, pyramid.height);
  return { ...wholeOf(pyramid), width: side, height: side };
}

/** @param square interleaved RGB from 0 to 255 */
function arranged(square: Float32Array, { layout, channels, range, mean, std, size }: InputRecipe): Float32Array {
  const pixels = size * size;
  const [low, high] = range;
  const out = new Float32Array(square.length);
  for (let channel = 0; channel < 3; channel++) {
    const from = channels === 'rgb' ? channel : 2 - channel;
    const [shift, scale] = [ofChannel(mean, channel), ofChannel(std, channel)];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = low + ((square[pixel * 3 + from] ?? 0) / 255) * (high - low);
      out[layout === 'NCHW' ? channel * pixels + pixel : pixel * 3 + channel] = (value - shift) / scale;
    }
  }
  return out;
}

function ofChannel(value: InputRecipe['mean'], channel: number): number {
  return typeof value === 'number' ? value : (value[channel] ?? 0);
}
