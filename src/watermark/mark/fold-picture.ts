import { foldedDetail } from '../kernels/folded-detail.ts';
import type { Plane } from '../raster.ts';
import { TILE } from './layout.ts';

/** Places a side of the fold: two pixels of the tile each, which is enough for its highest wave. */
export const FOLD = TILE / 2;
/** Grey levels squared: the least contrast that the reader divides by, see `flatten`. */
const LEAST_VARIANCE = 9;

/**
 * What the picture itself shows the reader where the mark will be: its detail at half size, divided by the local contrast, all repetitions of the tile laid
 * upon each other. Without what lies beyond the last whole place. `variance`: of `textureOf`.
 */
export function foldPicture(luma: Plane, variance: Float32Array): Float64Array {
  return foldedDetail(luma, variance, { side: FOLD, leastVariance: LEAST_VARIANCE }) ?? foldPlainly(luma, variance);
}

/** The same where there are no kernels. */
export function foldPlainly(luma: Plane, variance: Float32Array): Float64Array {
  const fold = new Float64Array(FOLD * FOLD);
  const places = (luma.width + 1) >> 1;
  const [width, height] = [luma.width >> 1, luma.height >> 1];
  let [above, here, below] = [halfRow(luma, 0, width), halfRow(luma, 0, width), halfRow(luma, Math.min(1, height - 1), width)];
  for (let y = 0; y < height; y++) {
    addDetail({ above, here, below }, variance.subarray(y * places, y * places + width), fold, (y % FOLD) * FOLD);
    const spare = above;
    [above, here, below] = [here, below, writeHalfRow(luma, Math.min(y + 2, height - 1), spare)];
  }
  return fold;
}

interface Rows {
  readonly above: Float32Array;
  readonly here: Float32Array;
  readonly below: Float32Array;
}

/** Detail: what stands out of the mean of the four neighbors. */
function addDetail({ above, here, below }: Rows, variance: Float32Array, fold: Float64Array, to: number): void {
  const last = here.length - 1;
  for (let x = 0; x <= last; x++) {
    const around = (above[x] ?? 0) + (below[x] ?? 0) + (here[x > 0 ? x - 1 : 0] ?? 0) + (here[x < last ? x + 1 : last] ?? 0);
    const at = to + (x & (FOLD - 1));
    fold[at] = (fold[at] ?? 0) + ((here[x] ?? 0) - around / 4) / Math.sqrt((variance[x] ?? 0) + LEAST_VARIANCE);
  }
}

function halfRow(luma: Plane, y: number, width: number): Float32Array {
  return writeHalfRow(luma, y, new Float32Array(width));
}

/** Means of 2 × 2 pixels. */
function writeHalfRow({ values, width }: Plane, y: number, out: Float32Array): Float32Array {
  const upper = 2 * y * width;
  const lower = upper + width;
  for (let x = 0, left = 0; x < out.length; x++, left += 2) {
    out[x] =
      ((values[upper + left] ?? 0) + (values[upper + left + 1] ?? 0) + (values[lower + left] ?? 0) + (values[lower + left + 1] ?? 0)) / 4;
  }
  return out;
}
