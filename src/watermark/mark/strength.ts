import { expectedMarginDb } from './expected-margin.ts';
import type { Strength } from './perceptual-mask.ts';
import { effectOf, type MarkEffect, type TextureHistogram } from './texture-histogram.ts';

const PEAK_SQUARED = 255 * 255;
/** Variance of rounding to whole levels. */
const ROUNDING = 1 / 12;
const HALVINGS = 12;

const MOST_DB = 44.6;
const LEAST_DB = 42.2;
const MEGAPIXEL = 1_048_576;

/**
 * 1 − SSIM that a mark may cost by our estimate (the true loss is about three quarters of it): every picture the first; up to the second where the mark
 * would else be expected to stand less than `ENOUGH_DB` above what the reader needs.
 */
const USUAL_LOSS = 0.0085;
const MOST_LOSS = 0.0135;
const ENOUGH_DB = 7.5;
/** 0.6 to 2.4. */
const SLOPES = Array.from({ length: 11 }, (_, i) => 0.6 * 4 ** (i / 10));
const BENDS = { least: 0.1, most: 30 };
const WEAKEST: Strength = { slope: 0.6, bend: BENDS.least };

/** A small picture has less room for the same bits, so it is allowed more change: 44.6 dB at a megapixel, 42.2 from 0.4 megapixels down. */
export function defaultPsnrDb(pixels: number): number {
  return Math.min(MOST_DB, Math.max(LEAST_DB, MOST_DB + 6 * Math.log10(pixels / MEGAPIXEL)));
}

/**
 * The mark in texture of which the reader sees most, within `minPsnrDb` and, by estimate, the usual loss of SSIM; where that is not enough, as much more as
 * it takes. A low slope with a high bend puts the mark into strong texture, where PSNR limits it; a high slope with a low bend into weak texture, where
 * SSIM does. The floor in flat parts is never scaled: otherwise a few strong edges would use up what they need (research: text pages fail).
 */
export function strengthWithin(histogram: TextureHistogram, minPsnrDb: number, pixels: number): Strength {
  const allowedSquare = PEAK_SQUARED / 10 ** (minPsnrDb / 10) - ROUNDING;
  const most = (loss: number) => {
    const isWithin = ({ square, ssimLoss }: MarkEffect) => square <= allowedSquare && ssimLoss <= loss;
    const marks = SLOPES.map((slope) => ({ slope, bend: greatest(BENDS, (bend) => isWithin(effectOf(histogram, { slope, bend }))) }));
    const seen = marks.map((mark) => effectOf(histogram, mark)).map((effect) => (isWithin(effect) ? effect.visible : 0));
    return marks[seen.indexOf(Math.max(...seen))] ?? WEAKEST;
  };
  const isEnough = (mark: Strength) => expectedMarginDb(effectOf(histogram, mark), pixels) >= ENOUGH_DB;
  const usual = most(USUAL_LOSS);
  if (isEnough(usual)) return usual;
  const { slope, bend } = most(MOST_LOSS);
  return { slope, bend: greatest({ least: BENDS.least, most: bend }, (less) => !isEnough({ slope, bend: less })) };
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
