import { EMPTY_TREE, extend, nodeHash, rootOf } from './merkle.ts';
import type { TileReader } from './proof.ts';
import { tilePath, truncateTile } from './tile.ts';
import { collectTileRuns } from './tile-runs.ts';

/** The definitions of RFC 6962 §2.1, word for word: recursive, quadratic, and sharing only `nodeHash` with the code under test. */
function split(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1);
}

export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return rootOf(EMPTY_TREE);
  if (leaves.length === 1) return first;
  const k = split(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function naiveInclusion(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  if (m < k) return [...naiveInclusion(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))];
  return [...naiveInclusion(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** SUBPROOF(m, D[n], b). */
export function naiveConsistency(m: number, leaves: readonly Uint8Array[], whole = true): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = split(leaves.length);
  if (m <= k) return [...naiveConsistency(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))];
  return [...naiveConsistency(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

/** A tile reader over leaves in memory; counts its calls. */
export function tilesInMemory(leaves: readonly Uint8Array[]): TileReader & { reads: number } {
  const tiles = collectTileRuns();
  extend(EMPTY_TREE, leaves, tiles.sink);
  const byName = new Map(tiles.runs().map(({ level, n, hashes }) => [`${level}/${n}`, Buffer.concat(hashes)]));
  return {
    reads: 0,
    async readTiles(refs) {
      this.reads++;
      if (new Set(refs.map(tilePath)).size !== refs.length) throw new Error('a tile was asked for twice');
      return refs.map((ref) => truncateTile(byName.get(`${ref.level}/${ref.n}`), ref));
    },
  };
}
