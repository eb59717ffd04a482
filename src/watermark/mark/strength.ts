import { amplitudeAt, type Strength } from './perceptual-mask.ts';

const BINS = 256;
const PEAK_SQUARED = 255 * 255;
/** Variance of rounding to whole levels. */
const ROUNDING = 1 / 12;
const HALVINGS = 12;

const MOST_DB = 44.6;
const LEAST_DB = 42.2;
const MEGAPIXEL = 1_048_576;

/** 1 − SSIM that a mark may cost by our estimate, at a megapixel and in small pictures; the true loss is about 0.0065 and 0.0085. */
const LEAST_LOSS = 0.0115;
const MOST_LOSS = 0.018;
const SLOPES = { least: 0.6, most: 2.4 };
const BENDS = { least: 0.3, most: 30 };
/** Standard deviation of a texture for each level of `textureAmplitude` (measured on noise); the constant of SSIM for contrast. */
const DEVIATION = 2.5;
const SSIM_C2 = (0.03 * 255) ** 2;

/** A small picture has less room for the same bits, so it is allowed more change: 44.6 dB at a megapixel, 42.2 from 0.4 megapixels down. */
export function defaultPsnrDb(pixels: number): number {
  return Math.min(MOST_DB, Math.max(LEAST_DB, MOST_DB + 6 * Math.log10(pixels / MEGAPIXEL)));
}

/**
 * The strongest mark in texture with which the picture keeps `minPsnrDb` and, by estimate, its SSIM. The slope is found first, since what little
 * texture takes is worth most to the reader (it divides by local contrast), then the bend, which takes from strong texture what PSNR does not allow.
 * The floor in flat parts is never scaled: otherwise a few strong edges would use up what they need (research: text pages fail).
 */
export function strengthWithin(texture: Float32Array, minPsnrDb: number, pixels: number): Strength {
  const histogram = histogramOf(texture);
  const allowedSquare = PEAK_SQUARED / 10 ** (minPsnrDb / 10) - ROUNDING;
  const size = Math.min(1, Math.max(0, (defaultPsnrDb(pixels) - LEAST_DB) / (MOST_DB - LEAST_DB)));
  const allowedLoss = MOST_LOSS + (LEAST_LOSS - MOST_LOSS) * size;
  const bendFor = (slope: number) => greatest(BENDS, (bend) => meanOf(histogram, { slope, bend }, () => 1) <= allowedSquare);
  const slope = greatest(
    SLOPES,
    (candidate) => meanOf(histogram, { slope: candidate, bend: bendFor(candidate) }, ssimWeight) <= allowedLoss,
  );
  return { slope, bend: bendFor(slope) };
}

interface Histogram {
  readonly counts: Float64Array;
  readonly most: number;
  readonly total: number;
}

function histogramOf(values: Float32Array): Histogram {
  const counts = new Float64Array(BINS);
  let most = 0;
  for (const value of values) if (value > most) most = value;
  const scale = most === 0 ? 0 : BINS / most;
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(scale * value));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { counts, most, total: values.length };
}

function meanOf({ counts, most, total }: Histogram, strength: Strength, weight: (texture: number) => number): number {
  let sum = 0;
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    const texture = (most * (bin + 0.5)) / BINS;
    sum += count * amplitudeAt(texture, strength) ** 2 * weight(texture);
  }
  return sum / total;
}

/** What a squared change costs in SSIM where the texture has a variance of its own. */
function ssimWeight(texture: number): number {
  return 1 / (2 * (DEVIATION * texture) ** 2 + SSIM_C2);
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
