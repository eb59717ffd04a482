import type { Raster } from '../../src/watermark/raster.ts';
import { boxMean } from '../../src/watermark/signal/box-mean.ts';
import { canonicalLuma } from '../../src/watermark/signal/canonical-scale.ts';

export interface Quality {
  readonly psnrDb: number;
  /** On luma, Gaussian window of 11 × 11, σ 1.5 (Wang et al., 2004). */
  readonly ssimY: number;
  /** Root-mean-square change of luma where the standard deviation of the 9 × 9 around it is under 1 in the original; null when there is no such place. */
  readonly flatRms: number | null;
}

export function qualityOf(before: Raster, after: Raster): Quality {
  let squares = 0;
  for (let i = 0; i < before.data.length; i++) squares += ((after.data[i] ?? 0) - (before.data[i] ?? 0)) ** 2;
  const [a, b] = [canonicalLuma(before), canonicalLuma(after)];
  return {
    psnrDb: 10 * Math.log10((255 * 255 * before.data.length) / squares),
    ssimY: ssim(a.values, b.values, a.width, a.height),
    flatRms: flatRms(a.values, b.values, a.width, a.height),
  };
}

function flatRms(a: Float32Array, b: Float32Array, width: number, height: number): number | null {
  const mean = new Float32Array(a.length);
  const squares = new Float32Array(a.length);
  boxMean(a, width, height, 4, mean);
  boxMean(
    a.map((value) => value * value),
    width,
    height,
    4,
    squares,
  );
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    if ((squares[i] ?? 0) - (mean[i] ?? 0) ** 2 >= 1) continue;
    sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
    count++;
  }
  return count < 500 ? null : Math.sqrt(sum / count);
}

const WINDOW = gaussian();

function gaussian(): readonly number[] {
  const raw = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 * 1.5)));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}

function ssim(a: Float32Array, b: Float32Array, width: number, height: number): number {
  const blur = (values: Float32Array) => blurred(values, width, height);
  const [meanA, meanB] = [blur(a), blur(b)];
  const [squareA, squareB] = [blur(a.map((value) => value * value)), blur(b.map((value) => value * value))];
  const product = blur(a.map((value, i) => value * (b[i] ?? 0)));
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let sum = 0;
  let count = 0;
  for (let y = 5; y < height - 5; y++) {
    for (let x = 5; x < width - 5; x++) {
      const i = y * width + x;
      const [ma, mb] = [meanA[i] ?? 0, meanB[i] ?? 0];
      const [va, vb, covariance] = [(squareA[i] ?? 0) - ma * ma, (squareB[i] ?? 0) - mb * mb, (product[i] ?? 0) - ma * mb];
      sum += ((2 * ma * mb + c1) * (2 * covariance + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
      count++;
    }
  }
  return sum / count;
}

/** Valid only 5 pixels inside of the border. */
function blurred(values: Float32Array, width: number, height: number): Float64Array {
  const across = new Float64Array(values.length);
  const out = new Float64Array(values.length);
  for (let i = 5; i < values.length - 5; i++) {
    let sum = 0;
    for (let k = 0; k < 11; k++) sum += (WINDOW[k] ?? 0) * (values[i + k - 5] ?? 0);
    across[i] = sum;
  }
  for (let i = 5 * width; i < (height - 5) * width; i++) {
    let sum = 0;
    for (let k = 0; k < 11; k++) sum += (WINDOW[k] ?? 0) * (across[i + (k - 5) * width] ?? 0);
    out[i] = sum;
  }
  return out;
}
