import { ImprimaturError } from '../contracts/errors.ts';
import { foldSubtrees, HASH_BYTES, parentsOf } from './merkle.ts';
import { TILE_WIDTH, type TileRef, tilePath, tileWidth } from './tile.ts';

/** Where proofs get their hashes. Answers come in the order of `refs`, each of exactly `width` × 32 bytes; it rejects when one is missing. */
export interface TileReader {
  readTiles(refs: readonly TileRef[]): Promise<readonly Uint8Array[]>;
}

/** The leaves `from` up to but not including `to`. */
interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The largest power of two smaller than `n`, for n ≥ 2: where RFC 6962 splits a tree. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The siblings of leaf `index` on its way up, lowest first: PATH(m, D[n]) of RFC 6962 §2.1.1. */
function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** PROOF(m, D[n]) of RFC 6962 §2.1.2, lowest first. */
function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = newSize;
  while (oldSize !== to) {
    const middle = from + splitPoint(to - from);
    if (oldSize <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

/** A perfect subtree of 2^b × 256^level leaves, b ≤ 7: `count` = 2^b neighbouring hashes in one tile. */
interface TileSlice {
  readonly tile: TileRef;
  readonly offset: number;
  readonly count: number;
}

/** Cuts a range into its perfect subtrees, largest first, and says in which tile each stands. */
function slicesOf({ from, to }: LeafRange, size: number): TileSlice[] {
  const slices: TileSlice[] = [];
  for (let start = from; start < to; ) {
    let leaves = 1;
    while (leaves * 2 <= to - start) leaves *= 2;
    let level = 0;
    let count = leaves;
    while (count >= TILE_WIDTH) {
      count /= TILE_WIDTH;
      level++;
    }
    const first = start / TILE_WIDTH ** level;
    const n = Math.floor(first / TILE_WIDTH);
    slices.push({ tile: { level, n, width: tileWidth(level, n, size) }, offset: first % TILE_WIDTH, count });
    start += leaves;
  }
  return slices;
}

/** Rows of hashes from a tile upwards, each packed: row b has the roots of its perfect subtrees of 2^b hashes. */
type Pyramid = readonly Uint8Array[];

/** Hashing a tile is half the work of a proof, and a cached tile is the same object each time. */
const pyramids = new WeakMap<Uint8Array, Pyramid>();

function pyramidOf(tile: Uint8Array): Pyramid {
  const known = pyramids.get(tile);
  if (known !== undefined) return known;
  const rows = [tile];
  for (let row = parentsOf(tile); row.length > 0; row = parentsOf(row)) rows.push(row);
  pyramids.set(tile, rows);
  return rows;
}

async function hashRanges(ranges: readonly LeafRange[], size: number, reader: TileReader): Promise<Uint8Array[]> {
  const slices = ranges.map((range) => slicesOf(range, size));
  const refs = new Map(slices.flat().map(({ tile }) => [tilePath(tile), tile]));
  const tiles = await reader.readTiles([...refs.values()]);
  const bytes = new Map([...refs.keys()].map((path, i) => [path, tiles[i] ?? new Uint8Array()]));
  const sliceRoot = ({ tile, offset, count }: TileSlice) => {
    const row = pyramidOf(bytes.get(tilePath(tile)) ?? new Uint8Array())[Math.log2(count)];
    const at = (offset / count) * HASH_BYTES;
    if (row === undefined || row.length < at + HASH_BYTES) {
      throw new ImprimaturError('LEDGER_INVALID', { detail: `${tilePath(tile)} is too short for a proof` });
    }
    return row.subarray(at, at + HASH_BYTES);
  };
  return slices.map((range) => foldSubtrees(range.map(sliceRoot)));
}

/**
 * Proof that leaf `index` stands in the tree of `size` leaves: sibling hashes, lowest first (RFC 6962 §2.1.1), from one batched
 * read. Throws NOT_FOUND when `index` is not in 0…size-1, LEDGER_INVALID when a tile is missing or short.
 */
export async function inclusionProof(index: number, size: number, reader: TileReader): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new ImprimaturError('NOT_FOUND', { detail: `no ledger entry ${index} in a tree of ${size}` });
  }
  return await hashRanges(inclusionRanges(index, size), size, reader);
}

/**
 * Proof that the tree of `newSize` leaves begins with the tree of `oldSize` leaves (RFC 6962 §2.1.2), from one batched read.
 * Empty for equal sizes and for `oldSize` 0. Throws NOT_FOUND when sizes are not 0 ≤ old ≤ new, LEDGER_INVALID as above.
 */
export async function consistencyProof(oldSize: number, newSize: number, reader: TileReader): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(newSize) || !Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
    throw new ImprimaturError('NOT_FOUND', { detail: `no consistency proof from ${oldSize} to ${newSize}` });
  }
  if (oldSize === 0 || oldSize === newSize) return [];
  return await hashRanges(consistencyRanges(oldSize, newSize), newSize, reader);
}
