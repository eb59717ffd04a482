import type { Plane, Raster } from '../raster.ts';
import { fieldBytes, giveBack, homeOf, ROOM, takeKernelMemory } from './kernel-memory.ts';

type Rows = (y: number, out: Float32Array) => void;

/** See `canonicalRows` in mark/residual-rows.ts; undefined when the amplitude does not lie in memory of the kernels. `side`: of the tile, a power of two. */
export function residualRows(tile: Float32Array, side: number, { values, width, height }: Plane): Rows | undefined {
  const memory = homeOf(values, fieldBytes(tile.length) + 4 * fieldBytes(width));
  if (memory === undefined) return undefined;
  const [lerpRows, residual] = [memory.kernel('lerpRows'), memory.kernel('residual')];
  const tileAt = memory.place(tile);
  const half = memory.reserve(4 * (width + 2 + ROOM));
  const ends = memory.floats(half, width + 2);
  const out = memory.numbers(2 * width);
  const rowAt = (y: number) => values.byteOffset + 4 * width * Math.max(0, Math.min(height - 1, y));
  return (y, row) => {
    const at = y / 2 - 0.25;
    const upper = Math.floor(at);
    lerpRows(half + 4, rowAt(upper), rowAt(upper + 1), width, at - upper);
    ends[0] = ends[1] ?? 0;
    ends[width + 1] = ends[width] ?? 0;
    residual(out.byteOffset, half, tileAt + 4 * side * (y % side), width, 4 * side - 1);
    row.set(row.length === out.length ? out : out.subarray(0, row.length));
  };
}

/**
 * Adds a residual to the three colors of each pixel, rounded and clipped, where `data` lies; gives the sum of squared changes, or undefined where there are
 * no kernels.
 */
export function addRowsToColors({ data, width, height }: Raster, rows: Rows): number | undefined {
  const rowBytes = 4 * (width + ROOM);
  const memory = takeKernelMemory(2 * rowBytes);
  if (memory === undefined) return undefined;
  const add = memory.kernel('addToColors');
  const rowAt = memory.reserve(rowBytes);
  const row = memory.floats(rowAt, width);
  // What the last step takes too much is changed by nothing.
  memory.floats(rowAt, width + ROOM).fill(0);
  const line = memory.bytes(memory.reserve(rowBytes), 3 * width);
  let squares = 0;
  for (let y = 0; y < height; y++) {
    const place = data.subarray(3 * y * width, 3 * (y + 1) * width);
    rows(y, row);
    line.set(place);
    squares += add(line.byteOffset, rowAt, width);
    place.set(line);
  }
  giveBack(row);
  return squares;
}

/** Luma of each row of a raster of three colors, good until the next; false where there are no kernels. */
export function eachLumaRow(
  { data, width, height }: Raster,
  weights: readonly [number, number, number],
  visit: (luma: Float32Array, y: number) => void,
): boolean {
  const memory = takeKernelMemory(8 * (width + 2 * ROOM));
  if (memory === undefined) return false;
  const write = memory.kernel('lumaRow');
  const colors = memory.bytes(memory.reserve(3 * width + 4 * ROOM), 3 * width);
  const luma = memory.numbers(width);
  for (let y = 0; y < height; y++) {
    colors.set(data.subarray(3 * y * width, 3 * (y + 1) * width));
    write(luma.byteOffset, colors.byteOffset, width, ...weights);
    visit(luma, y);
  }
  giveBack(luma);
  return true;
}
