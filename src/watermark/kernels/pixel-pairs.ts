import type { Plane } from '../raster.ts';
import type { KernelMemory } from './kernel-memory.ts';

/** Two rows of a plane at a time, in memory of the kernels; a last row or column without a partner is its own. */
export class PixelPairs {
  readonly upper: number;
  readonly lower: number;
  readonly #luma: Plane;
  readonly #views: readonly [Float32Array, Float32Array];

  constructor(memory: KernelMemory, luma: Plane) {
    this.#luma = luma;
    this.#views = [memory.numbers(luma.width + 1), memory.numbers(luma.width + 1)];
    [this.upper, this.lower] = [this.#views[0].byteOffset, this.#views[1].byteOffset];
  }

  /** Rows 2 × `y` and the one below it. */
  place(y: number): void {
    const { values, width, height } = this.#luma;
    for (const [i, view] of this.#views.entries()) {
      const row = Math.min(2 * y + i, height - 1);
      view.set(values.subarray(row * width, (row + 1) * width));
      view[width] = view[width - 1] ?? 0;
    }
  }
}
