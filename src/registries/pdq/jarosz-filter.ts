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
  const rowWindow = windowOf(width);
  const columnWindow = windowOf(height);
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y += ROWS) blurRows(from.subarray(y * width), to.subarray(y * width), width, rowWindow);
    [from, to] = [to, from];
    blurColumns(from, to, { width, height, window: columnWindow });
    [from, to] = [to, from];
  }
  return decimate(from, width, height);
}

/** How many values before and after a place its mean is over. */
interface Window {
  readonly ahead: number;
  readonly behind: number;
}

function windowOf(side: number): Window {
  const window = Math.ceil(side / WINDOW_DIVISOR);
  const ahead = Math.floor(window / 2);
  return { ahead, behind: window - ahead - 1 };
}

/** Each sum waits for the one before it, so four rows at once take as long as one. */
const ROWS = 4;

/**
 * Mean over a centered window that shrinks at both ends, for the first four rows of a plane, or as many as there are. The sum runs along the line and is rounded
 * to float32 at every step; a fresh sum for each position would differ in the last bits, and with them the hash.
 */
function blurRows(from: Float32Array, to: Float32Array, width: number, { ahead, behind }: Window): void {
  // Below the last row the first is blurred again.
  const startOf = (row: number) => (from.length > row * width ? row * width : 0);
  const [second, third, fourth] = [startOf(1), startOf(2), startOf(3)];
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let inside = 0;
  for (let next = 0; next < width + ahead; next++) {
    const center = next - ahead;
    if (next < width) {
      a = Math.fround(a + (from[next] ?? 0));
      b = Math.fround(b + (from[next + second] ?? 0));
      c = Math.fround(c + (from[next + third] ?? 0));
      d = Math.fround(d + (from[next + fourth] ?? 0));
      inside += 1;
    }
    const leaving = center - behind - 1;
    if (leaving >= 0) {
      a = Math.fround(a - (from[leaving] ?? 0));
      b = Math.fround(b - (from[leaving + second] ?? 0));
      c = Math.fround(c - (from[leaving + third] ?? 0));
      d = Math.fround(d - (from[leaving + fourth] ?? 0));
      inside -= 1;
    }
    if (center < 0) continue;
    to[center] = a / inside;
    to[center + second] = b / inside;
    to[center + third] = c / inside;
    to[center + fourth] = d / inside;
  }
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly window: Window;
}

/** The same down every column. All columns take a step together, so that memory is read in its order. */
function blurColumns(from: Float32Array, to: Float32Array, { width, height, window: { ahead, behind } }: Grid): void {
  const sums = new Float32Array(width);
  const nothing = new Float32Array(width);
  const unused = new Float32Array(width);
  let inside = 0;
  for (let next = 0; next < height + ahead; next++) {
    const center = next - ahead;
    const leaving = center - behind - 1;
    const coming = next < height ? from.subarray(next * width, (next + 1) * width) : nothing;
    const going = leaving >= 0 ? from.subarray(leaving * width, (leaving + 1) * width) : nothing;
    inside += Number(next < height) - Number(leaving >= 0);
    const means = center >= 0 ? to.subarray(center * width, (center + 1) * width) : unused;
    for (let x = 0; x < width; x++) {
      const sum = Math.fround(Math.fround((sums[x] ?? 0) + (coming[x] ?? 0)) - (going[x] ?? 0));
      sums[x] = sum;
      means[x] = sum / inside;
    }
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
