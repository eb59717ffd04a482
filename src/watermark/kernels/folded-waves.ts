import type { KernelMemory } from './kernel-memory.ts';
import { transformReal } from './real-transform.ts';
import { LANES_BYTES } from './routines/complex-lanes.ts';

interface Fold {
  /** Where the first pixel of each row lies in the tile, across and down, as 32-bit fractions of it. */
  readonly starts: Int32Array;
  /** What a step to the right adds. */
  readonly right: number;
  readonly rightDown: number;
  readonly cells: 256;
  /** Waves from −`radius` to `radius` are wanted. */
  readonly radius: number;
}

/** See `Folder` in read/fold.ts. `visit` gets the waves (u, v) with u from 0. */
export function foldedWaves(
  memory: KernelMemory,
  { values, width, height }: { readonly values: Float32Array; readonly width: number; readonly height: number },
  { starts, right, rightDown, cells, radius }: Fold,
  visit: (u: number, v: number, re: number, im: number) => void,
): void {
  memory.borrow(() => {
    const sums = memory.reserve(4 * cells * cells + 64);
    memory.floats(sums, cells * cells).fill(0);
    const places = memory.reserve(4 * starts.length);
    memory.words(places, starts.length).set(starts);
    memory.kernel('foldPixels')(sums, values.byteOffset, places, width, height, right, rightDown);
    const ones = new Float32Array(cells).fill(1);
    const rows = { from: sums, width: cells, height: cells, stride: 4 * cells, window: ones, factors: ones };
    transformReal(memory, rows, { across: cells, down: cells, columns: radius + 1 }, (address, column) => {
      const lanes = memory.floats(address, (cells * LANES_BYTES) / 4);
      for (let i = 0; i < 4 && column + i <= radius; i++) {
        for (let v = -radius; v <= radius; v++) {
          const at = 8 * ((v + cells) % cells) + i;
          visit(column + i, v, lanes[at] ?? 0, lanes[at + 4] ?? 0);
        }
      }
    });
  });
}
