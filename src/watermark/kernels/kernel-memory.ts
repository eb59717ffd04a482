import { type Kernel, kernelModule } from './kernel-module.ts';

/** In numbers; kernels go by sixteen of them at most. */
export const ROOM = 16;
const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

/** What so many numbers take, with room behind them. */
export const fieldBytes = (count: number) => 4 * (count + ROOM) + ALIGNMENT;

/**
 * Memory in which the kernels can work, for one picture: what it and its search need is laid out here one behind the other, and all of it goes when
 * nothing refers to it any more. Never grows, so that views stay valid; pages that are not touched cost nothing.
 */
export class KernelMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Readonly<Record<string, unknown>>;
  #used = 0;

  constructor(module: WebAssembly.Module, bytes: number) {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports;
    homes.set(this.#memory.buffer, this);
  }

  /** @throws RangeError for a name that no routine has */
  kernel(name: string): Kernel {
    const routine = this.#exports[name];
    if (!isKernel(routine)) throw new RangeError(`no kernel is called ${name}`);
    return routine;
  }

  /** Address of so many bytes, whatever they hold. @throws RangeError when there is no room */
  reserve(bytes: number): number {
    const at = this.#used;
    const end = at + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (!this.hasRoomFor(end - at)) throw new RangeError('the memory of the kernels is too small for this picture');
    this.#used = end;
    return at;
  }

  /** Forgets all that was reserved; gives the size in bytes. @throws RangeError when nothing was, as after giving it back before */
  release(): number {
    if (this.#used === 0) throw new RangeError('the memory of the kernels was given back twice');
    this.#used = 0;
    return this.#memory.buffer.byteLength;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#used + bytes <= this.#memory.buffer.byteLength;
  }

  /** What `work` reserves is free again afterwards. */
  borrow<T>(work: () => T): T {
    const before = this.#used;
    try {
      return work();
    } finally {
      this.#used = before;
    }
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, length);
  }

  words(at: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length);
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** New ones, whatever they hold, with room behind them for what kernels write too much. */
  numbers(count: number): Float32Array {
    return this.floats(this.reserve(4 * (count + ROOM)), count);
  }

  /** Address of a copy. */
  place(values: Float32Array): number {
    const at = this.reserve(4 * values.length);
    this.floats(at, values.length).set(values);
    return at;
  }
}

const homes = new WeakMap<ArrayBufferLike, KernelMemory>();

/** The memory in which these values lie, if kernels can reach them there and `bytes` more are free. */
export function homeOf(values: Float32Array, bytes = 0): KernelMemory | undefined {
  const home = homes.get(values.buffer);
  return home?.hasRoomFor(bytes) === true ? home : undefined;
}

/** More than this is not kept from one picture to the next; one of a megapixel takes 17 MiB. */
const MOST_KEPT = 32 * 2 ** 20;
let idle: KernelMemory | undefined;

/**
 * Memory of its own for whoever asks, or undefined where kernels cannot run: no SIMD, or no address space for WebAssembly. It may hold what an earlier
 * picture left. Whoever gives it back with `giveBack` spares the next one from asking the system.
 */
export function takeKernelMemory(bytes: number): KernelMemory | undefined {
  const kept = idle;
  idle = undefined;
  if (kept?.hasRoomFor(bytes) === true) return kept;
  const module = kernelModule();
  if (module === undefined) return undefined;
  try {
    return new KernelMemory(module, bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Nothing may use the memory of these values, which lie in it, from now on. */
export function giveBack(values: Float32Array): void {
  const memory = homeOf(values);
  if (memory !== undefined && memory.release() <= MOST_KEPT) idle = memory;
}

function isKernel(value: unknown): value is Kernel {
  return typeof value === 'function';
}
