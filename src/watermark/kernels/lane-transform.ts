import type { KernelMemory } from './kernel-memory.ts';
import type { Kernel } from './kernel-module.ts';
import { LANES_BYTES } from './routines/complex-lanes.ts';

interface Pass {
  readonly kernel: Kernel;
  readonly count: number;
  readonly stride: number;
}

/** Four discrete Fourier transforms of one length at once, in memory of the kernels; see `Fft` in signal/fft.ts for the lengths and the passes. */
export class LaneTransform {
  readonly length: number;
  readonly #passes: readonly Pass[];
  readonly #table: number;
  readonly #work: number;

  constructor(memory: KernelMemory, length: number) {
    this.length = length;
    this.#table = memory.reserve(8 * length);
    this.#work = memory.reserve(LANES_BYTES * length);
    const table = memory.floats(this.#table, 2 * length);
    for (let i = 0; i < length; i++) {
      const angle = (2 * Math.PI * i) / length;
      table[2 * i] = Math.cos(angle);
      table[2 * i + 1] = -Math.sin(angle);
    }
    this.#passes = passesOf(memory, length);
  }

  /** From address `from`, where it also works, with e^(−2πi…). Gives the address of the result, which is either `from` or work space of its own. */
  forward(from: number): number {
    let [source, target] = [from, this.#work];
    for (const { kernel, count, stride } of this.#passes) {
      if (count === 1) kernel(source, target, stride);
      else kernel(source, target, count, stride, this.#table);
      [source, target] = [target, source];
    }
    return source;
  }
}

function passesOf(memory: KernelMemory, length: number): readonly Pass[] {
  const passes: Pass[] = [];
  for (let rest = length, stride = 1; rest > 1; ) {
    const radix = rest % 4 === 0 ? 4 : rest % 2 === 0 ? 2 : rest;
    const count = rest / radix;
    passes.push({ kernel: memory.kernel(count === 1 ? `last${radix}` : `pass${radix}`), count, stride });
    rest = count;
    stride *= radix;
  }
  return passes;
}
