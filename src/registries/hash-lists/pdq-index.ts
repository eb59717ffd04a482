import { type PdqBits, pdqToBytes, popcount } from '../pdq/pdq-bits.ts';
import { CHUNK_GROUPS, GROUP, GROUP_BYTES, HALF_BYTES, HASH_BYTES, scanModule, TO_SECOND_HALF } from './pdq-scan.ts';

const PAGE_BYTES = 65_536;
/** 2 GiB, as far as addresses with a sign go: 67 million hashes. */
const MOST_PAGES = 32_768;
/** Of the first page: the query, the limit, and room for addresses that were found. */
const LIMIT_AT = HASH_BYTES * GROUP;
const FOUND_AT = LIMIT_AT + GROUP;
const FOUND_END = PAGE_BYTES;
const CHUNK_BYTES = 2 * TO_SECOND_HALF;
/** Groups that stay in a processor's cache while all queries go over them. */
const BLOCK_GROUPS = 1024;

/**
 * PDQ hashes in memory of WebAssembly, sixteen side by side, so that one instruction compares a byte of sixteen of them. Each search looks at all: full
 * recall, and faster than an index up to several million (measured; see `docs/performance.md`). Needs SIMD, which every machine has that Node 20 runs on.
 */
export class PdqIndex {
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  readonly #scan = instantiate(this.#memory);
  #bytes = new Uint8Array(this.#memory.buffer);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** @throws RangeError when the machine has no memory for more */
  add(hash: PdqBits): void {
    const group = Math.floor(this.#count / GROUP);
    this.#makeRoom(addressOf(group) + CHUNK_BYTES);
    const at = addressOf(group) + (this.#count % GROUP);
    for (let byte = 0; byte < HASH_BYTES; byte++) this.#bytes[at + placeOf(byte)] = (hash[byte >> 2] ?? 0) >>> (24 - 8 * (byte & 3));
    this.#count += 1;
  }

  /**
   * Positions of all hashes at most `maxDistance` bits from one of `queries`, each once, ascending. A generator, so that whoever asks can let others
   * work in between: it yields what a few hundred thousand comparisons found.
   * @param maxDistance 0–254
   */
  *near(queries: readonly PdqBits[], maxDistance: number): Generator<readonly number[]> {
    const vectors = queries.map(splat);
    const end = Math.ceil(this.#count / GROUP);
    for (let from = 0; from < end; from += BLOCK_GROUPS) {
      const block = [addressOf(from), addressOf(Math.min(end, from + BLOCK_GROUPS) - 1) + GROUP_BYTES] as const;
      const near = new Set(vectors.flatMap((query) => this.#groupsNear(query, maxDistance, block)));
      const groups = [...near].map((address) => from + (address - block[0]) / GROUP_BYTES);
      yield groups.sort((a, b) => a - b).flatMap((group) => this.#nearIn(group, queries, maxDistance));
    }
  }

  #makeRoom(end: number): void {
    const missing = end - this.#bytes.length;
    if (missing <= 0) return;
    // A quarter more at a time, so that a long list does not grow the memory at every hash.
    this.#memory.grow(Math.ceil(Math.max(missing, this.#bytes.length / 4) / PAGE_BYTES));
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  #groupsNear(query: Uint8Array, maxDistance: number, [from, to]: readonly [number, number]): number[] {
    // Written anew for each block: between two of them another search may have been here.
    this.#bytes.set(query, 0);
    this.#bytes.fill(maxDistance, LIMIT_AT, FOUND_AT);
    // A block has fewer groups than there is room for, so the scan never stops early.
    const written = this.#scan(from, to, 0, LIMIT_AT, FOUND_AT, FOUND_END);
    return [...new Uint32Array(this.#memory.buffer, FOUND_AT, written / 4)];
  }

  #nearIn(group: number, queries: readonly PdqBits[], maxDistance: number): number[] {
    const first = group * GROUP;
    const lanes = Array.from({ length: Math.min(GROUP, this.#count - first) }, (_, lane) => lane);
    const isNear = (lane: number) => queries.some((query) => this.#distance(addressOf(group) + lane, query) <= maxDistance);
    return lanes.filter(isNear).map((lane) => first + lane);
  }

  #distance(at: number, query: PdqBits): number {
    let distance = 0;
    for (let byte = 0; byte < HASH_BYTES; byte++) {
      const wanted = ((query[byte >> 2] ?? 0) >>> (24 - 8 * (byte & 3))) & 255;
      distance += popcount((this.#bytes[at + placeOf(byte)] ?? 0) ^ wanted);
    }
    return distance;
  }
}

/** Where the first half of a group begins. */
function addressOf(group: number): number {
  return PAGE_BYTES + Math.floor(group / CHUNK_GROUPS) * CHUNK_BYTES + (group % CHUNK_GROUPS) * GROUP_BYTES;
}

/** From the start of a group to a byte of its first hash. */
function placeOf(byte: number): number {
  return byte < HALF_BYTES ? byte * GROUP : TO_SECOND_HALF + (byte - HALF_BYTES) * GROUP;
}

/** Each byte of a hash sixteen times. */
function splat(hash: PdqBits): Uint8Array {
  const value = pdqToBytes(hash);
  const vectors = new Uint8Array(HASH_BYTES * GROUP);
  for (const [byte, bits] of value.entries()) vectors.fill(bits, byte * GROUP, (byte + 1) * GROUP);
  return vectors;
}

type Scan = (from: number, to: number, query: number, limit: number, found: number, foundEnd: number) => number;

let compiled: WebAssembly.Module | undefined;

function instantiate(memory: WebAssembly.Memory): Scan {
  compiled ??= new WebAssembly.Module(scanModule());
  const { scan } = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
  if (!isScan(scan)) throw new TypeError('the scan of the hash lists is not there');
  return scan;
}

function isScan(value: unknown): value is Scan {
  return typeof value === 'function';
}
