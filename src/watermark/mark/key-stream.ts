import { createHmac } from 'node:crypto';
import type { MarkKey } from '../mark-key.ts';

const SECRET_BYTES = 16;
const TWO_32 = 2 ** 32;

/**
 * Numbers that only the key tells: HMAC-SHA-512 of a label and a counter, read as 32-bit words, big-endian. The order in which they are
 * drawn is part of the algorithm: whoever changes it cannot read old marks.
 */
export class KeyStream {
  readonly #secret: Uint8Array;
  readonly #label: string;
  #counter = 0;
  #block = Buffer.alloc(0);

  /** @throws RangeError when the secret has not 16 bytes */
  constructor({ secret }: MarkKey, label: string) {
    if (secret.length !== SECRET_BYTES) throw new RangeError(`the secret of a watermark key has ${SECRET_BYTES} bytes`);
    this.#secret = secret;
    this.#label = label;
  }

  word(): number {
    if (this.#block.length === 0) {
      this.#block = createHmac('sha512', this.#secret)
        .update(`${this.#label}:${this.#counter++}`)
        .digest();
    }
    const value = this.#block.readUInt32BE(0);
    this.#block = this.#block.subarray(4);
    return value;
  }

  /** Uniform in 0 … `count` − 1, without bias. */
  below(count: number): number {
    const limit = TWO_32 - (TWO_32 % count);
    for (;;) {
      const word = this.word();
      if (word < limit) return word % count;
    }
  }

  /** Uniform in [0, 2π). */
  angle(): number {
    return (2 * Math.PI * this.word()) / TWO_32;
  }

  /** 0 … `count` − 1 in an order of the key. */
  permutation(count: number): Uint16Array {
    const order = Uint16Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const other = this.below(i + 1);
      const kept = order[i] ?? 0;
      order[i] = order[other] ?? 0;
      order[other] = kept;
    }
    return order;
  }
}
