import type { Plane } from '../raster.ts';
import { boxMean } from '../signal/box-mean.ts';

/** Amplitude in flat parts, grey levels RMS: rounded to whole levels it changes them by 0.59 RMS, under the 0.6 that nobody sees. */
export const FLOOR = 0.52;
/** Makes `textureAmplitude` of activity: what a mark with slope 1 has. */
const TEXTURE_GAIN = 0.6;
const MOST = 24;
/** Texture of noise with a standard deviation of 1 and less counts as flat, and above it the amplitude grows no faster than this. */
const FLAT_UP_TO = 0.4;
const STEEPEST = 4;
const DETAIL_RADIUS = 3;
/** At half size. */
const SPREAD_RADIUS = 1;
const REACH = 3;

/**
 * How strong the mark may be in texture, in grey levels RMS, at half the size of `luma` (rounded up): the activity of a place, which is the least
 * of that of four places around it, so that a lone edge gets no halo in the flat parts beside it. The root before the mean keeps
 * one strong line from counting as texture.
 */
export function textureAmplitude({ values, width, height }: Plane): Plane {
  const mean = new Float32Array(values.length);
  boxMean(values, width, height, DETAIL_RADIUS, mean);
  const detail = halfSizeRoots(values, mean, width, height);
  const spread = new Float32Array(detail.values.length);
  boxMean(detail.values, detail.width, detail.height, SPREAD_RADIUS, spread);
  for (let i = 0; i < spread.length; i++) spread[i] = Math.min(MOST, TEXTURE_GAIN * (spread[i] ?? 0) ** 2);
  const least = leastAround({ ...detail, values: spread }, detail.values);
  boxMean(least, detail.width, detail.height, SPREAD_RADIUS, spread);
  return { values: spread, width: detail.width, height: detail.height };
}

/** How strong the mark is made in texture. */
export interface Strength {
  /** Amplitude for each level of texture, where there is little of it. */
  readonly slope: number;
  /** What it tends to where there is much, in grey levels RMS divided by the slope. */
  readonly bend: number;
}

/** Amplitude of the mark, grey levels RMS, where `textureAmplitude` says `texture`. */
export function amplitudeAt(texture: number, { slope, bend }: Strength): number {
  return Math.max(FLOOR, Math.min((slope * texture * bend) / (texture + bend), FLOOR + STEEPEST * (texture - FLAT_UP_TO)));
}

/** Mean of the root of the absolute difference over each 2 × 2 pixels. */
function halfSizeRoots(values: Float32Array, mean: Float32Array, width: number, height: number): Plane {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const out = new Float32Array(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      out[y * halfWidth + x] =
        (Math.sqrt(Math.abs((values[upper + left] ?? 0) - (mean[upper + left] ?? 0))) +
          Math.sqrt(Math.abs((values[upper + right] ?? 0) - (mean[upper + right] ?? 0))) +
          Math.sqrt(Math.abs((values[lower + left] ?? 0) - (mean[lower + left] ?? 0))) +
          Math.sqrt(Math.abs((values[lower + right] ?? 0) - (mean[lower + right] ?? 0)))) /
        4;
    }
  }
  return { values: out, width: halfWidth, height: halfHeight };
}

/** Least of the four diagonal neighbors at `REACH`; places outside the picture are those of its border. */
function leastAround({ values, width, height }: Plane, out: Float32Array): Float32Array {
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - REACH) * width;
    const below = Math.min(height - 1, y + REACH) * width;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - REACH);
      const right = Math.min(width - 1, x + REACH);
      const upper = Math.min(values[above + left] ?? 0, values[above + right] ?? 0);
      const lower = Math.min(values[below + left] ?? 0, values[below + right] ?? 0);
      out[y * width + x] = Math.min(upper, lower);
    }
  }
  return out;
}
