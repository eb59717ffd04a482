import { expectedMarginDb } from './expected-margin.ts';
import type { Strength } from './perceptual-mask.ts';
import { effectOf, type TextureHistogram } from './texture-histogram.ts';

const PEAK_SQUARED = 255 * 255;
/** Variance of rounding to whole levels. */
const ROUNDING = 1 / 12;
const HALVINGS = 12;

const MOST_DB = 44.6;
const LEAST_DB = 42.2;
const MEGAPIXEL = 1_048_576;

/**
 * 1 − SSIM that a mark may cost by our estimate (the true loss is about three quarters of it): every picture the first, at a megapixel, or the
 * second, if it is small; up to the third where the mark would else be expected to stand less than `ENOUGH_DB` above what the reader needs.
 */
const LOSS_OF_LARGE = 0.0095;
const LOSS_OF_SMALL = 0.0106;
const MOST_LOSS = 0.013;
const ENOUGH_DB = 9.1;
const SLOPES = { least: 0.6, most: 2.4 };
const BENDS = { least: 0.3, most: 30 };

/** A small picture has less room for the same bits, so it is allowed more change: 44.6 dB at a megapixel, 42.2 from 0.4 megapixels down. */
export function defaultPsnrDb(pixels: number): number {
  return Math.min(MOST_DB, Math.max(LEAST_DB, MOST_DB + 6 * Math.log10(pixels / MEGAPIXEL)));
}

/**
 * The strongest mark in texture with which the picture keeps `minPsnrDb` and, by estimate, its SSIM, and no stronger than it needs. The slope is found
 * first, since what little texture takes is worth most to the reader (it divides by local contrast), then the bend, which takes from strong texture
 * what PSNR does not allow. The floor in flat parts is never scaled: otherwise a few strong edges would use up what they need (research: text pages fail).
 */
export function strengthWithin(histogram: TextureHistogram, minPsnrDb: number, pixels: number): Strength {
  const allowedSquare = PEAK_SQUARED / 10 ** (minPsnrDb / 10) - ROUNDING;
  const size = Math.min(1, Math.max(0, (defaultPsnrDb(pixels) - LEAST_DB) / (MOST_DB - LEAST_DB)));
  const loss = LOSS_OF_SMALL + (LOSS_OF_LARGE - LOSS_OF_SMALL) * size;
  const bendFor = (slope: number) => greatest(BENDS, (bend) => effectOf(histogram, { slope, bend }).square <= allowedSquare);
  const slope = greatest(SLOPES, (candidate) => {
    const effect = effectOf(histogram, { slope: candidate, bend: bendFor(candidate) });
    return effect.ssimLoss <= loss || (effect.ssimLoss <= MOST_LOSS && expectedMarginDb(effect, pixels) <= ENOUGH_DB);
  });
  return { slope, bend: bendFor(slope) };
}

/** The greatest value in a range for which a condition holds that fails for all greater ones; the least one when it never holds. */
function greatest({ least, most }: { readonly least: number; readonly most: number }, holds: (value: number) => boolean): number {
  if (holds(most)) return most;
  let [low, high] = [least, most];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(low * high);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
