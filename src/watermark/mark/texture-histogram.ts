import { amplitudeAt, MOST_TEXTURE, type Strength, type Texture } from './perceptual-mask.ts';

const BINS = 256;
/** The constant of SSIM for contrast (Wang et al., 2004). */
const SSIM_C2 = (0.03 * 255) ** 2;
/** Grey levels squared: the variance at which half of a mark survives hard recompression (flatter places lose it in the quantizer), and what recompression adds. */
const SURVIVES_FROM = 30;
const COMPRESSION = 4;

/** All that the strength of a mark is chosen by, with one number for each level of texture, as shares of all places. */
export interface TextureHistogram {
  readonly count: Float64Array;
  /** What a squared change of 1 costs in SSIM. */
  readonly cost: Float64Array;
  /** What the reader, which divides by local contrast, sees of an amplitude of 1 after hard recompression. */
  readonly visible: Float64Array;
}

export function histogramOf({ values, variance }: Texture): TextureHistogram {
  const [count, cost, visible] = [new Float64Array(BINS), new Float64Array(BINS), new Float64Array(BINS)];
  const scale = BINS / MOST_TEXTURE;
  const share = 1 / values.length;
  for (let i = 0; i < values.length; i++) {
    const texture = values[i] ?? 0;
    const around = variance[i] ?? 0;
    const bin = Math.min(BINS - 1, (texture * scale) | 0);
    count[bin] = (count[bin] ?? 0) + share;
    cost[bin] = (cost[bin] ?? 0) + share / (2 * around + SSIM_C2);
    visible[bin] = (visible[bin] ?? 0) + (share * around) / ((around + SURVIVES_FROM) * Math.sqrt(around + COMPRESSION));
  }
  return { count, cost, visible };
}

export interface MarkEffect {
  /** Mean squared change, grey levels squared, before rounding. */
  readonly square: number;
  /** Estimate of 1 − SSIM. */
  readonly ssimLoss: number;
  /** Mean amplitude in the reader's units. */
  readonly visible: number;
}

/** What a mark of a strength does to a picture with such a histogram. */
export function effectOf({ count, cost, visible }: TextureHistogram, strength: Strength): MarkEffect {
  let [square, ssimLoss, seen] = [0, 0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    if (count[bin] === 0) continue;
    const amplitude = amplitudeAt(((bin + 0.5) * MOST_TEXTURE) / BINS, strength);
    square += amplitude * amplitude * (count[bin] ?? 0);
    ssimLoss += amplitude * amplitude * (cost[bin] ?? 0);
    seen += amplitude * (visible[bin] ?? 0);
  }
  return { square, ssimLoss, visible: seen };
}
