import { CODE_BITS, MESSAGE_POSITIONS, messageOf } from './polar-code.ts';

/** Paths that are followed at once. 1 would cost 1.5 dB, 32 gain nothing more. */
const LIST_SIZE = 16;
/** How many messages are shown: the true one is among the likeliest or lost, and each that is shown is a chance for a false one. */
export const SHOWN = 6;

const IS_MESSAGE = new Uint8Array(CODE_BITS);
for (const position of MESSAGE_POSITIONS) IS_MESSAGE[position] = 1;
/** How many message positions lie below each position, so that a subtree of frozen bits is seen at a glance. */
const MESSAGE_BELOW = new Uint16Array(CODE_BITS + 1);
for (let i = 0; i < CODE_BITS; i++) MESSAGE_BELOW[i + 1] = (MESSAGE_BELOW[i] ?? 0) + (IS_MESSAGE[i] ?? 0);

/** One hypothesis about the message. A node of size n keeps its likelihoods at [n, 2n), and its bits where they stand in the codeword. */
interface Path {
  readonly likelihoods: Float32Array;
  readonly bits: Uint8Array;
  metric: number;
}

const newPath = (): Path => ({ likelihoods: new Float32Array(2 * CODE_BITS), bits: new Uint8Array(CODE_BITS), metric: 0 });

/**
 * Successive-cancellation list decoding (Tal and Vardy, 2015) on log-likelihood ratios, min-sum, without descending into subtrees of frozen bits.
 * One decoder holds 150 kB of state and is used again and again, one call at a time.
 */
export class PolarDecoder {
  #active: Path[] = [];
  #free: Path[] = Array.from({ length: LIST_SIZE }, newPath);

  /**
   * The first message in order of likelihood that `accepts` takes, of at most `SHOWN` that it is shown; undefined when it takes none.
   * Positive `llr` speaks for 0.
   */
  decode(llr: Float32Array, accepts: (message: Uint8Array) => boolean): Uint8Array | undefined {
    if (llr.length !== CODE_BITS) throw new RangeError(`expected ${CODE_BITS} likelihoods`);
    this.#free.push(...this.#active);
    this.#active = this.#free.splice(-1);
    for (const path of this.#active) {
      path.metric = 0;
      path.likelihoods.set(llr, CODE_BITS);
    }
    for (const path of this.#free) path.likelihoods.set(llr, CODE_BITS);
    this.#node(CODE_BITS, 0);
    for (const { bits } of this.#active.toSorted((a, b) => a.metric - b.metric).slice(0, SHOWN)) {
      const message = messageOf(bits);
      if (accepts(message)) return message;
    }
    return undefined;
  }

  #node(size: number, start: number): void {
    if ((MESSAGE_BELOW[start + size] ?? 0) === (MESSAGE_BELOW[start] ?? 0)) this.#frozen(size, start);
    else if (size === 1) this.#fork(start);
    else this.#split(size / 2, start);
  }

  #split(half: number, start: number): void {
    for (const path of this.#active) towardsLeft(path.likelihoods, half);
    this.#node(half, start);
    for (const path of this.#active) towardsRight(path, half, start);
    this.#node(half, start + half);
    for (const { bits } of this.#active) for (let i = start; i < start + half; i++) bits[i] = (bits[i] ?? 0) ^ (bits[i + half] ?? 0);
  }

  #frozen(size: number, start: number): void {
    for (const path of this.#active) {
      let penalty = 0;
      for (let i = size; i < 2 * size; i++) penalty += Math.max(0, -(path.likelihoods[i] ?? 0));
      path.metric += penalty;
      path.bits.fill(0, start, start + size);
    }
  }

  /** A message bit: every path goes both ways, and the likeliest stay. */
  #fork(position: number): void {
    const ways = this.#active.flatMap((path) => {
      const likelihood = path.likelihoods[1] ?? 0;
      return [
        { path, bit: 0, metric: path.metric + Math.max(0, -likelihood) },
        { path, bit: 1, metric: path.metric + Math.max(0, likelihood) },
      ];
    });
    ways.sort((a, b) => a.metric - b.metric);
    const kept = ways.slice(0, LIST_SIZE);
    const going = new Set(kept.map(({ path }) => path));
    for (const path of this.#active) if (!going.has(path)) this.#free.push(path);
    const taken = new Set<Path>();
    this.#active = kept.map(({ path, bit, metric }) => {
      const target = taken.has(path) ? this.#copyOf(path, position) : path;
      taken.add(path);
      target.bits[position] = bit;
      target.metric = metric;
      return target;
    });
  }

  #copyOf(path: Path, position: number): Path {
    const copy = this.#free.pop() ?? newPath();
    copy.likelihoods.set(path.likelihoods.subarray(0, CODE_BITS));
    copy.bits.set(path.bits.subarray(0, position));
    return copy;
  }
}

/** Likelihoods of the left half of a node: the sum of two bits is as sure as the less sure of them. */
function towardsLeft(likelihoods: Float32Array, half: number): void {
  for (let i = half; i < 2 * half; i++) {
    const a = likelihoods[i + half] ?? 0;
    const b = likelihoods[i + 2 * half] ?? 0;
    const least = Math.min(Math.abs(a), Math.abs(b));
    likelihoods[i] = a < 0 === b < 0 ? least : -least;
  }
}

/** Likelihoods of the right half, once the bits of the left one are known. */
function towardsRight({ likelihoods, bits }: Path, half: number, start: number): void {
  for (let i = 0; i < half; i++) {
    const a = likelihoods[2 * half + i] ?? 0;
    const b = likelihoods[3 * half + i] ?? 0;
    likelihoods[half + i] = bits[start + i] === 1 ? b - a : b + a;
  }
}
