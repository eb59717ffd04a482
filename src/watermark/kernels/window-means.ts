import { type KernelMemory, ROOM } from './kernel-memory.ts';

/**
 * The rows of a window that moves down a plane, in memory of the kernels, and the sums of their columns. Rows that are not in the picture are zeros,
 * so that all slots are always added.
 */
export class WindowMeans {
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Where the sums of the columns are, `radius` zeros first. */
  readonly sums: number;
  /** One over the number of places across, for each place. */
  readonly across: number;
  readonly #memory: KernelMemory;
  readonly #rows: number;
  readonly #count: number;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #radius: number;

  constructor(memory: KernelMemory, size: { readonly width: number; readonly height: number }, radius: number) {
    const { width } = size;
    this.#memory = memory;
    this.#size = size;
    this.#radius = radius;
    this.#count = 2 * radius + 1;
    this.stride = 4 * (Math.ceil(width / ROOM) * ROOM + ROOM);
    this.#rows = memory.reserve(this.#count * this.stride);
    this.sums = memory.reserve(this.stride + 4 * this.#count + 64);
    this.across = memory.reserve(this.stride);
    memory.floats(this.#rows, (this.#count * this.stride) / 4).fill(0);
    memory.floats(this.sums, radius).fill(0);
    memory.floats(this.across, width).set(reciprocals(width, radius));
  }

  /** Address of row `y` of the plane while it is in the window. */
  slot(y: number): number {
    return this.#rows + (y % this.#count) * this.stride;
  }

  /** A row that is not in the picture. */
  clear(y: number): void {
    this.#memory.floats(this.slot(y), this.#size.width).fill(0);
  }

  sum(): void {
    this.#memory.kernel('sumRows')(this.sums + 4 * this.#radius, this.#rows, this.#count, this.stride, this.#size.width);
  }

  /** One over the number of rows around `y` that are in the picture. */
  down(y: number): number {
    return 1 / (Math.min(this.#size.height - 1, y + this.#radius) - Math.max(0, y - this.#radius) + 1);
  }
}

/** One over the number of places within `radius` of each place on a line. */
export function reciprocals(length: number, radius: number): Float32Array {
  const counts = new Float32Array(length);
  for (let i = 0; i < length; i++) counts[i] = 1 / (Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1);
  return counts;
}
