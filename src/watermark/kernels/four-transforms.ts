import { type KernelMemory, takeKernelMemory } from './kernel-memory.ts';
import { LaneTransform } from './lane-transform.ts';
import { LANES_BYTES } from './routines/complex-lanes.ts';

const NUMBERS = LANES_BYTES / 4;
const BESIDES = 65_536;

/**
 * Two-dimensional transforms of four complex fields at once, of `side` × `side`, forward and not scaled. Keeps memory of its own (half a megabyte at 64),
 * and each use begins with `clear`.
 */
export class FourTransforms {
  readonly #memory: KernelMemory;
  readonly #side: number;
  readonly #transform: LaneTransform;
  readonly #rows: Float32Array;
  readonly #columns: Float32Array;

  constructor(memory: KernelMemory, side: number) {
    this.#memory = memory;
    this.#side = side;
    this.#transform = new LaneTransform(memory, side);
    this.#rows = memory.numbers(side * side * NUMBERS);
    this.#columns = memory.numbers(side * side * NUMBERS);
  }

  clear(): void {
    this.#rows.fill(0);
  }

  /** `field`: 0–3. */
  add(field: number, x: number, y: number, re: number, im: number): void {
    const at = (y * this.#side + x) * NUMBERS + field;
    this.#rows[at] = (this.#rows[at] ?? 0) + re;
    this.#rows[at + 4] = (this.#rows[at + 4] ?? 0) + im;
  }

  /** Writes the transforms of all fields to `out`. */
  transformTo(out: readonly { readonly re: Float64Array; readonly im: Float64Array }[]): void {
    const scatter = this.#memory.kernel('scatterLanes');
    const line = this.#side * LANES_BYTES;
    const columns = this.#columns.byteOffset;
    for (let y = 0; y < this.#side; y++) {
      scatter(columns + y * LANES_BYTES, this.#transform.forward(this.#rows.byteOffset + y * line), this.#side, line);
    }
    for (let x = 0; x < this.#side; x++) {
      const column = this.#memory.floats(this.#transform.forward(columns + x * line), line / 4);
      for (const [field, { re, im }] of out.entries()) {
        for (let y = 0; y < this.#side; y++) {
          re[y * this.#side + x] = column[y * NUMBERS + field] ?? 0;
          im[y * this.#side + x] = column[y * NUMBERS + field + 4] ?? 0;
        }
      }
    }
  }
}

/** Undefined where there are no kernels. */
export function fourTransforms(side: number): FourTransforms | undefined {
  const memory = takeKernelMemory((2 * side + 3) * side * LANES_BYTES + BESIDES);
  return memory === undefined ? undefined : new FourTransforms(memory, side);
}
