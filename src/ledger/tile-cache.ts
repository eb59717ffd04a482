import type { TileReader } from './proof.ts';
import { TILE_WIDTH, type TileRef, tilePath } from './tile.ts';

/** 8 MiB of full tiles: every tile above the lowest level of a log of 250 million leaves, or the most recent quarter million leaves. */
const MAX_TILES = 1024;

/**
 * Remembers full tiles, the least recently used going first. A full tile of a committed log never changes, so nothing here is
 * ever stale; partial ones are asked for again. Only for readers of the database itself: inside a transaction a tile may still
 * be undone.
 */
export function cacheTiles(source: TileReader, maxTiles = MAX_TILES): TileReader {
  const tiles = new Map<string, Uint8Array>();

  function recall(path: string): Uint8Array | undefined {
    const found = tiles.get(path);
    if (found === undefined) return undefined;
    tiles.delete(path);
    tiles.set(path, found);
    return found;
  }

  function remember(path: string, hashes: Uint8Array): void {
    tiles.set(path, hashes);
    const [oldest] = tiles.keys();
    if (tiles.size > maxTiles && oldest !== undefined) tiles.delete(oldest);
  }

  return {
    async readTiles(refs: readonly TileRef[]) {
      const paths = refs.map(tilePath);
      const found = paths.map(recall);
      const missing = refs.filter((_, i) => found[i] === undefined);
      const read = missing.length === 0 ? [] : await source.readTiles(missing);
      const fresh = new Map(missing.map((ref, i) => [tilePath(ref), read[i]]));
      for (const ref of missing) {
        const hashes = fresh.get(tilePath(ref));
        if (ref.width === TILE_WIDTH && hashes !== undefined) remember(tilePath(ref), hashes);
      }
      return paths.map((path, i) => found[i] ?? fresh.get(path) ?? new Uint8Array());
    },
  };
}
