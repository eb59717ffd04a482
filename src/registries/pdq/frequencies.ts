import { BLOCK_SIDE } from './jarosz-filter.ts';

/** Frequencies kept in each direction: 1 to 16, without the mean. */
export const KEPT = 16;

/** 16 × 64 matrix of the type-II cosine transform, rows 1 to 16. */
const COSINES = cosines();

function cosines(): Float32Array {
  const scale = Math.fround(Math.sqrt(2 / BLOCK_SIDE));
  const matrix = new Float32Array(KEPT * BLOCK_SIDE);
  for (let row = 0; row < KEPT; row++) {
    for (let column = 0; column < BLOCK_SIDE; column++) {
      matrix[row * BLOCK_SIDE + column] = scale * Math.cos((Math.PI / 2 / BLOCK_SIDE) * (row + 1) * (2 * column + 1));
    }
  }
  return matrix;
}

/** The 16 × 16 low frequencies of a 64 × 64 block: cosines · block · cosinesᵀ, sums in float32. */
export function lowFrequencies(block: Float32Array): Float32Array {
  const half = new Float32Array(KEPT * BLOCK_SIDE);
  for (let row = 0; row < KEPT; row++) {
    for (let column = 0; column < BLOCK_SIDE; column++) {
      half[row * BLOCK_SIDE + column] = dot({ a: COSINES, aAt: row * BLOCK_SIDE, b: block, bAt: column, bStride: BLOCK_SIDE });
    }
  }
  const low = new Float32Array(KEPT * KEPT);
  for (let row = 0; row < KEPT; row++) {
    for (let column = 0; column < KEPT; column++) {
      low[row * KEPT + column] = dot({ a: half, aAt: row * BLOCK_SIDE, b: COSINES, bAt: column * BLOCK_SIDE, bStride: 1 });
    }
  }
  return low;
}

interface Vectors {
  readonly a: Float32Array;
  readonly aAt: number;
  readonly b: Float32Array;
  readonly bAt: number;
  readonly bStride: number;
}

function dot({ a, aAt, b, bAt, bStride }: Vectors): number {
  let sum = 0;
  for (let i = 0; i < BLOCK_SIDE; i++) sum = Math.fround(sum + Math.fround((a[aAt + i] ?? 0) * (b[bAt + i * bStride] ?? 0)));
  return sum;
}
