import type { Plane } from '../raster.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { WindowMeans } from './window-means.ts';

interface Flattening {
  readonly detailRadius: 3;
  readonly contrastRadius: 2;
  /** Grey levels squared. */
  readonly leastVariance: number;
}

/** See `flatten` in read/flatten.ts: one pass, in which a row of luma enters, and what can be computed with it is. The result lies in `memory`. */
export function flattenPlane(luma: Plane, memory: KernelMemory, out: Float32Array, flattening: Flattening): void {
  const { width, height, values } = luma;
  const { detailRadius, contrastRadius, leastVariance } = flattening;
  memory.borrow(() => {
    const lumas = new WindowMeans(memory, { width, height }, detailRadius);
    const squares = new WindowMeans(memory, { width, height }, contrastRadius);
    const details = memory.reserve((2 * contrastRadius + 1) * lumas.stride);
    const detailAt = (y: number) => details + (y % (2 * contrastRadius + 1)) * lumas.stride;
    const [writeDetail, divide] = [memory.kernel(`detail${detailRadius}`), memory.kernel(`contrast${contrastRadius}`)];
    for (let y = 0; y < height + detailRadius + contrastRadius; y++) {
      if (y < height) memory.floats(lumas.slot(y), width).set(values.subarray(y * width, (y + 1) * width));
      else lumas.clear(y);
      const middle = y - detailRadius;
      if (middle < 0) continue;
      if (middle < height) {
        lumas.sum();
        writeDetail(detailAt(middle), squares.slot(middle), lumas.slot(middle), lumas.sums, lumas.across, width, lumas.down(middle));
      } else squares.clear(middle);
      const ready = middle - contrastRadius;
      if (ready < 0) continue;
      squares.sum();
      const to = out.byteOffset + 4 * ready * width;
      divide(to, detailAt(ready), squares.sums, squares.across, width, squares.down(ready), leastVariance);
    }
  });
}
