import type { Plane } from '../raster.ts';
import { boxMean } from '../signal/box-mean.ts';

/** At half size: three places are the 6 × 6 pixels around a place, with it in the middle. */
const SURROUNDINGS = 1;

/** How far the 2 × 2 pixels of each place lie from the mean around it. */
interface HalfSizeDetail {
  readonly width: number;
  readonly height: number;
  /** Mean of the root of the absolute difference. */
  readonly roots: Float32Array;
  /** Mean of the squared difference. */
  readonly squares: Float32Array;
}

/** At half the size of `luma`, rounded up; a last row or column without a partner counts twice. */
export function halfSizeDetail(luma: Plane): HalfSizeDetail {
  const width = (luma.width + 1) >> 1;
  const height = (luma.height + 1) >> 1;
  const roots = new Float32Array(width * height);
  const squares = new Float32Array(width * height);
  const mean = new Float32Array(width * height);
  eachPair(luma, (upper, lower, y) => writeMeans(upper, lower, roots.subarray(y * width, (y + 1) * width)));
  boxMean(roots, width, height, SURROUNDINGS, mean);
  eachPair(luma, (upper, lower, y) => {
    const [from, to] = [y * width, (y + 1) * width];
    writeDifferences({ upper, lower, mean: mean.subarray(from, to) }, roots.subarray(from, to), squares.subarray(from, to));
  });
  return { width, height, roots, squares };
}

function eachPair({ values, width, height }: Plane, visit: (upper: Float32Array, lower: Float32Array, y: number) => void): void {
  for (let y = 0; y < height; y += 2) {
    const below = Math.min(y + 1, height - 1);
    visit(values.subarray(y * width, (y + 1) * width), values.subarray(below * width, (below + 1) * width), y >> 1);
  }
}

function writeMeans(upper: Float32Array, lower: Float32Array, out: Float32Array): void {
  const last = upper.length - 1;
  for (let x = 0, left = 0; x < out.length; x++, left += 2) {
    const right = left < last ? left + 1 : last;
    out[x] = ((upper[left] ?? 0) + (upper[right] ?? 0) + (lower[left] ?? 0) + (lower[right] ?? 0)) / 4;
  }
}

interface Rows {
  readonly upper: Float32Array;
  readonly lower: Float32Array;
  /** Of the surroundings, at half size. */
  readonly mean: Float32Array;
}

function writeDifferences({ upper, lower, mean }: Rows, roots: Float32Array, squares: Float32Array): void {
  const last = upper.length - 1;
  for (let x = 0, left = 0; x < mean.length; x++, left += 2) {
    const right = left < last ? left + 1 : last;
    const middle = mean[x] ?? 0;
    const a = (upper[left] ?? 0) - middle;
    const b = (upper[right] ?? 0) - middle;
    const c = (lower[left] ?? 0) - middle;
    const d = (lower[right] ?? 0) - middle;
    roots[x] = (Math.sqrt(Math.abs(a)) + Math.sqrt(Math.abs(b)) + Math.sqrt(Math.abs(c)) + Math.sqrt(Math.abs(d))) / 4;
    squares[x] = (a * a + b * b + c * c + d * d) / 4;
  }
}
