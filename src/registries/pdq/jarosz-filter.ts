import type { LumaPlane } from './luma.ts';

/** Side of the block that the transform works on. */
export const BLOCK_SIDE = 64;
const PASSES = 2;
/** Window length is one 128th of the side, rounded up: two box passes of it approximate a tent over a 64th. */
const WINDOW_DIVISOR = 2 * BLOCK_SIDE;

/** Blurs with two passes of a box filter along rows and columns and picks the centers of a 64 × 64 grid. */
export function downsample({ values, width, height }: LumaPlane): Float32Array {
  let from = values.slice();
  let to = new Float32Array(values.length);
  const rowWindow = Math.ceil(width / WINDOW_DIVISOR);
  const columnWindow = Math.ceil(height / WINDOW_DIVISOR);
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y++) boxBlur(from, to, { start: y * width, stride: 1, count: width, window: rowWindow });
    [from, to] = [to, from];
    for (let x = 0; x < width; x++) boxBlur(from, to, { start: x, stride: width, count: height, window: columnWindow });
    [from, to] = [to, from];
  }
  return decimate(from, width, height);
}

interface Line {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
  readonly window: number;
}

/**
 * Mean over a centered window that shrinks at both ends. The sum runs along the line and is rounded to float32 at
 * every step; a fresh sum for each position would differ in the last bits, and with them the hash.
 */
function boxBlur(from: Float32Array, to: Float32Array, { start, stride, count, window }: Line): void {
  const ahead = Math.floor(window / 2);
  const behind = window - ahead - 1;
  let sum = 0;
  let inside = 0;
  for (let next = 0; next < count + ahead; next++) {
    const center = next - ahead;
    if (next < count) {
      sum = Math.fround(sum + (from[start + next * stride] ?? 0));
      inside += 1;
    }
    const leaving = center - behind - 1;
    if (leaving >= 0) {
      sum = Math.fround(sum - (from[start + leaving * stride] ?? 0));
      inside -= 1;
    }
    if (center >= 0) to[start + center * stride] = sum / inside;
  }
}

function decimate(values: Float32Array, width: number, height: number): Float32Array {
  const block = new Float32Array(BLOCK_SIDE * BLOCK_SIDE);
  for (let row = 0; row < BLOCK_SIDE; row++) {
    const y = Math.floor(((row + 0.5) * height) / BLOCK_SIDE);
    for (let column = 0; column < BLOCK_SIDE; column++) {
      const x = Math.floor(((column + 0.5) * width) / BLOCK_SIDE);
      block[row * BLOCK_SIDE + column] = values[y * width + x] ?? 0;
    }
  }
  return block;
}
