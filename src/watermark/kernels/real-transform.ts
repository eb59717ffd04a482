import type { KernelMemory } from './kernel-memory.ts';
import { LaneTransform } from './lane-transform.ts';
import { LANES_BYTES } from './routines/complex-lanes.ts';

const ROWS = 8;

export interface RealRows {
  /** Address of the first of them, in memory of the kernels. */
  readonly from: number;
  readonly width: number;
  readonly height: number;
  /** Bytes from one to the next. */
  readonly stride: number;
  /** What columns and rows are multiplied with. */
  readonly window: Float32Array;
  readonly factors: Float32Array;
}

interface Lengths {
  readonly across: number;
  readonly down: number;
  /** Only so many frequencies across are kept. */
  readonly columns: number;
}

/**
 * Two-dimensional transform of real rows, zeros to the right and below. `visit` gets groups of four columns: the address where element r of the four
 * stands at r × `LANES_BYTES`, and the number of the first column; what it gets there is gone after it.
 */
export function transformReal(
  memory: KernelMemory,
  rows: RealRows,
  { across, down, columns }: Lengths,
  visit: (address: number, column: number) => void,
): void {
  memory.borrow(() => {
    const groups = Math.ceil(columns / 4);
    const groupBytes = down * LANES_BYTES;
    const half = memory.reserve(groups * groupBytes);
    memory.borrow(() => transformAcross(memory, rows, { length: across, half, groups, groupBytes }));
    const used = Math.ceil(rows.height / ROWS) * ROWS;
    const transform = new LaneTransform(memory, down);
    for (let group = 0; group < groups; group++) {
      const at = half + group * groupBytes;
      if (used < down) memory.floats(at + used * LANES_BYTES, (down - used) * 8).fill(0);
      visit(transform.forward(at), 4 * group);
    }
  });
}

interface Half {
  readonly length: number;
  readonly half: number;
  readonly groups: number;
  readonly groupBytes: number;
}

function transformAcross(memory: KernelMemory, rows: RealRows, { length, half, groups, groupBytes }: Half): void {
  const { from, width, height, stride } = rows;
  const transform = new LaneTransform(memory, length);
  const lanes = memory.reserve(length * LANES_BYTES);
  // What the last step of a row reads too much counts nothing.
  const window = memory.place(padded(rows.window, width));
  const factors = memory.place(padded(rows.factors, height));
  const addresses = memory.reserve(4 * ROWS);
  const [interleave, separate] = [memory.kernel('interleave'), memory.kernel('separate')];
  for (let y = 0; y < height; y += ROWS) {
    // Rows below the last one have the factor 0, and are read from the first.
    memory.words(addresses, ROWS).set(Array.from({ length: ROWS }, (_, i) => (y + i < height ? from + (y + i) * stride : from)));
    interleave(lanes, addresses, width, window, factors + 4 * y);
    memory.floats(lanes + width * LANES_BYTES, (length - width) * 8).fill(0);
    separate(half + y * LANES_BYTES, transform.forward(lanes), length, groups, groupBytes);
  }
}

function padded(values: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length + ROWS);
  longer.set(values.subarray(0, length));
  return longer;
}
