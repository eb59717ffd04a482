import type { Plane } from '../raster.ts';
import { fieldBytes, homeOf } from './kernel-memory.ts';
import { PixelPairs } from './pixel-pairs.ts';

interface Fold {
  /** Of the fold, a power of two. */
  readonly side: number;
  readonly leastVariance: number;
}

/** See `foldPicture` in mark/fold-picture.ts; undefined when the variance does not lie in memory of the kernels. */
export function foldedDetail(luma: Plane, variance: Float32Array, { side, leastVariance }: Fold): Float64Array | undefined {
  const memory = homeOf(variance, fieldBytes(side * side) + 6 * fieldBytes(luma.width));
  if (memory === undefined) return undefined;
  const places = (luma.width + 1) >> 1;
  const [width, height] = [luma.width >> 1, luma.height >> 1];
  const [halve, sharpen, add] = [memory.kernel('halve'), memory.kernel('sharpen'), memory.kernel('addWrapped')];
  return memory.borrow(() => {
    const sums = memory.numbers(side * side).fill(0);
    const pairs = new PixelPairs(memory, luma);
    // One place more on both sides.
    const rows = [0, 1, 2].map(() => memory.numbers(width + 2));
    const detail = memory.numbers(width);
    const rowAt = (y: number) => (rows[y % 3] ?? detail).byteOffset + 4;
    const enter = (y: number) => {
      pairs.place(y);
      halve(rowAt(y), pairs.upper, pairs.lower, width);
      const row = rows[y % 3] ?? detail;
      row[0] = row[1] ?? 0;
      row[width + 1] = row[width] ?? 0;
    };
    const behind = memory.floats(detail.byteOffset + 4 * width, 4);
    enter(0);
    for (let y = 0; y < height; y++) {
      if (y + 1 < height) enter(y + 1);
      const [above, below] = [rowAt(Math.max(0, y - 1)), rowAt(Math.min(height - 1, y + 1))];
      sharpen(detail.byteOffset, above, rowAt(y), below, variance.byteOffset + 4 * y * places, width, leastVariance);
      behind.fill(0);
      add(sums.byteOffset + 4 * side * (y % side), detail.byteOffset, width, 4 * side - 1);
    }
    return Float64Array.from(sums);
  });
}
