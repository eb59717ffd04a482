import { fieldBytes, homeOf } from '../kernels/kernel-memory.ts';
import { textureField } from '../kernels/texture-field.ts';
import type { Plane } from '../raster.ts';
import { boxMean } from '../signal/box-mean.ts';
import { halfSizeDetail } from './half-size-detail.ts';

/** Amplitude in flat parts, grey levels RMS: rounded to whole levels it changes them by 0.54 RMS, well under the 0.6 that nobody sees. */
export const FLOOR = 0.46;
/** Makes texture of activity: what a mark with slope 1 has. */
const TEXTURE_GAIN = 0.6;
/** The strongest texture that counts. */
export const MOST_TEXTURE = 24;
/** Texture of noise with a standard deviation of 1 and less counts as flat, and above it the amplitude grows no faster than this. */
const FLAT_UP_TO = 0.4;
const STEEPEST = 4;
const SPREAD_RADIUS = 1;
const REACH = 3;

/** What hides a mark, and what hides it from the reader, at half the size of a picture (rounded up). */
export interface Texture extends Plane {
  /** `values` say how strong a mark of slope 1 may be, in grey levels RMS, 0 to `MOST_TEXTURE`; this is the variance of luma around each place. */
  readonly variance: Float32Array;
}

/**
 * Texture is the activity of a place, which is the least of that of four places around it, so that a lone edge gets no halo in the flat parts beside it.
 * The root before the mean keeps one strong line from counting as texture.
 */
export function textureOf(luma: Plane): Texture {
  return textureField(luma, { gain: TEXTURE_GAIN, most: MOST_TEXTURE, reach: REACH }) ?? plainTextureOf(luma);
}

/** The same where there are no kernels. */
export function plainTextureOf(luma: Plane): Texture {
  const { width, height, roots, squares } = halfSizeDetail(luma);
  const spread = new Float32Array(roots.length);
  boxMean(roots, width, height, SPREAD_RADIUS, spread);
  for (let i = 0; i < spread.length; i++) {
    const root = spread[i] ?? 0;
    spread[i] = Math.min(MOST_TEXTURE, TEXTURE_GAIN * root * root);
  }
  const values = new Float32Array(roots.length);
  boxMean(leastAround({ values: spread, width, height }, roots), width, height, SPREAD_RADIUS, values);
  boxMean(squares, width, height, SPREAD_RADIUS, spread);
  return { values, width, height, variance: spread };
}

/** How strong the mark is made in texture. */
export interface Strength {
  /** Amplitude for each level of texture, where there is little of it. */
  readonly slope: number;
  /** What it tends to where there is much, in grey levels RMS divided by the slope. */
  readonly bend: number;
}

/** Amplitude of the mark, grey levels RMS, in a texture of `textureOf`. */
export function amplitudeAt(texture: number, { slope, bend }: Strength): number {
  return Math.max(FLOOR, Math.min((slope * texture * bend) / (texture + bend), FLOOR + STEEPEST * (texture - FLAT_UP_TO)));
}

/** Steps of the table below: finer than rounding to whole levels shows. */
const STEPS = 4096;

/** Amplitude at each place, grey levels RMS, at half the size of the picture. */
export function amplitudeOf({ values, width, height }: Plane, strength: Strength): Plane {
  const scale = STEPS / MOST_TEXTURE;
  const table = Float32Array.from({ length: STEPS + 1 }, (_, i) => amplitudeAt(i / scale, strength));
  const amplitude = homeOf(values, fieldBytes(values.length))?.numbers(values.length) ?? new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) amplitude[i] = table[((values[i] ?? 0) * scale) | 0] ?? FLOOR;
  return { values: amplitude, width, height };
}

/** Least of the four diagonal neighbors at `REACH`; places outside the picture are those of its border. */
function leastAround({ values, width, height }: Plane, out: Float32Array): Float32Array {
  const last = width - 1;
  for (let y = 0; y < height; y++) {
    const above = values.subarray(Math.max(0, y - REACH) * width).subarray(0, width);
    const below = values.subarray(Math.min(height - 1, y + REACH) * width).subarray(0, width);
    const row = out.subarray(y * width, (y + 1) * width);
    const least = (x: number) => Math.min(above[x] ?? 0, below[x] ?? 0);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - REACH);
      const right = Math.min(last, x + REACH);
      row[x] = Math.min(least(left), least(right));
    }
  }
  return out;
}
