import type { PowerSpectrum } from './power-spectrum.ts';

/** Step of scales (natural logarithm) and angles (radians): 1.4 frequencies of a megapixel at the outermost wave. */
export const STEP = 0.0062;
/** Scales that are looked for: the mark at 0.28 to 2.4 of the size at which it was embedded. */
export const GREATEST_SCALE = 2.4;
const LEAST_SCALE = 0.28;
const LARGEST_MARKED = 1_200_000;
/** A picture may lie on a canvas of up to 2.8 times its area (turned by 45 degrees, or inside a page). */
const CANVAS = 0.6;
/** Frequencies above this are not looked at. */
const HIGHEST = 0.49;

/** A picture of so many pixels cannot show a mark smaller than this: marks are embedded in at most 1.2 megapixels. */
export function leastScaleFor(pixels: number): number {
  return Math.max(LEAST_SCALE, CANVAS * Math.sqrt(pixels / LARGEST_MARKED));
}

/** The highest frequency that a search down to `leastScale` looks at. */
export function highestFrequency(leastScale: number): number {
  return Math.min(HIGHEST, 28 / 128 / leastScale);
}

/**
 * How much a sync wave at this frequency (cycles a pixel) is worth: what was lost by JPEG, blur and shrinking was lost at the top.
 */
export function worthAt(frequency: number): number {
  return Math.min(1, Math.max(0.3, 1 - (frequency - 0.15) / 0.4));
}

/** A pooled value of the spectrum; 0 outside of what was computed. */
export function valueAt({ values, columns, across, down }: PowerSpectrum, fx: number, fy: number): number {
  const sign = fx < 0 ? -1 : 1;
  const column = Math.round(sign * fx * across);
  const row = Math.round(sign * fy * down);
  if (column >= columns || row > down / 2 || row < -down / 2) return 0;
  return values[column * down + (row < 0 ? row + down : row === down ? 0 : row)] ?? 0;
}

/** Cells and their neighbors as local maxima, best first: at most `count` of them. */
export function bestPeaks(
  scores: Float32Array,
  width: number,
  height: number,
  count: number,
): readonly { readonly x: number; readonly y: number; readonly score: number }[] {
  const peaks: { x: number; y: number; score: number }[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const score = scores[at] ?? 0;
      if (score > LEAST_SCORE && isPeak(scores, at, width)) peaks.push({ x, y, score });
    }
  }
  return peaks.sort((a, b) => b.score - a.score).slice(0, count);
}

/** Standard deviations; chance alone gives thousands of cells above it, so that nothing is lost. */
const LEAST_SCORE = 1.5;

function isPeak(scores: Float32Array, at: number, width: number): boolean {
  const here = scores[at] ?? 0;
  for (let row = at - width; row <= at + width; row += width) {
    for (let i = row - 1; i <= row + 1; i++) if ((scores[i] ?? 0) > here) return false;
  }
  return true;
}
