import { type KernelMemory, ROOM } from './kernel-memory.ts';
import type { Kernel } from './kernel-module.ts';
import { reciprocals } from './window-means.ts';

/** A field of numbers in memory of the kernels, row by row. */
export interface Field {
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

/** Sums of the columns of the window around each row, and what makes means of them. */
export interface ColumnSums {
  readonly y: number;
  readonly sums: number;
  readonly across: number;
  readonly down: number;
}

/** Calls `visit` for each row of a field with the sums of its window. */
export function eachWindowRow(memory: KernelMemory, { at, width, height }: Field, radius: number, visit: (row: ColumnSums) => void): void {
  memory.borrow(() => {
    const sumRows = memory.kernel('sumRows');
    const stride = 4 * width;
    const sums = memory.reserve(4 * (width + 2 * radius + 2 * ROOM));
    memory.floats(sums, radius).fill(0);
    const across = memory.reserve(4 * (width + ROOM));
    memory.floats(across, width).set(reciprocals(width, radius));
    const downs = reciprocals(height, radius);
    for (let y = 0; y < height; y++) {
      const first = Math.max(0, y - radius);
      sumRows(sums + 4 * radius, at + first * stride, Math.min(height - 1, y + radius) - first + 1, stride, width);
      visit({ y, sums, across, down: downs[y] ?? 0 });
    }
  });
}

/** Means of windows of radius 1, from one field to another. */
export function meanField(memory: KernelMemory, field: Field, to: number): void {
  const mean: Kernel = memory.kernel('mean1');
  eachWindowRow(memory, field, 1, ({ y, sums, across, down }) => mean(to + 4 * y * field.width, sums, across, field.width, down));
}
