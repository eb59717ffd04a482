import { HASH_BYTES, type TileHashSink } from './merkle.ts';
import { TILE_WIDTH } from './tile.ts';

/** New hashes for one tile, which must have had exactly `offset` hashes before. */
export interface TileRun {
  readonly level: number;
  readonly n: number;
  readonly offset: number;
  readonly hashes: readonly Uint8Array[];
}

/** Sorts the tile hashes that `extend` emits by the tile they belong to. */
export function collectTileRuns(): { readonly sink: TileHashSink; runs(): readonly TileRun[] } {
  const runs = new Map<string, { level: number; n: number; offset: number; hashes: Uint8Array[] }>();
  return {
    sink: (level, index, hash) => {
      const n = Math.floor(index / TILE_WIDTH);
      const run = runs.get(`${level}/${n}`);
      if (run) run.hashes.push(hash);
      else runs.set(`${level}/${n}`, { level, n, offset: index % TILE_WIDTH, hashes: [hash] });
    },
    runs: () => [...runs.values()],
  };
}

/** All runs' hashes end to end, and for each run what SQL needs to cut its own out again (`start` counts bytes from 1). */
export function packTileRuns(runs: readonly TileRun[]) {
  let start = 1;
  const starts = runs.map(({ hashes }) => {
    const own = start;
    start += hashes.length * HASH_BYTES;
    return own;
  });
  return {
    bytes: Buffer.concat(runs.flatMap(({ hashes }) => hashes)),
    levels: runs.map(({ level }) => level),
    numbers: runs.map(({ n }) => n),
    starts,
    lengths: runs.map(({ hashes }) => hashes.length * HASH_BYTES),
    widths: runs.map(({ offset, hashes }) => (offset + hashes.length) * HASH_BYTES),
  };
}
