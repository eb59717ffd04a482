import { parseBundle } from './entry-bundle.ts';
import { type CompactTree, EMPTY_TREE, extend, HASH_BYTES, leafHash, rootOf, sameHash, splitHashes, type TileHashSink } from './merkle.ts';
import { type BundleRef, bundlesOf, TILE_WIDTH, tilePath, tileWidth } from './tile.ts';
import { problem, type VerifyProblem } from './verify-problem.ts';

export interface EntryWalkOptions {
  readonly fetch: (path: string) => Promise<Uint8Array>;
  readonly size: number;
  /** The size at which to note the root on the way; at most `size`. */
  readonly sinceSize: number;
  readonly report: (problem: VerifyProblem) => void;
  readonly onProgress?: (progress: { readonly verified: number; readonly size: number }) => void;
}

/** Roots recomputed from entries; null when entries are missing, so that there was nothing to compute from. */
export interface EntryWalk {
  readonly root: Uint8Array | null;
  readonly sinceRoot: Uint8Array | null;
}

type Hashes = readonly Uint8Array[];

async function fetchOr(options: EntryWalkOptions, path: string): Promise<Uint8Array | null> {
  try {
    return await options.fetch(path);
  } catch {
    options.report(problem('file_missing', path, 'cannot be read'));
    return null;
  }
}

async function fetchTile(options: EntryWalkOptions, level: number, n: number): Promise<Hashes | null> {
  const width = tileWidth(level, n, options.size);
  const path = tilePath({ level, n, width });
  const bytes = await fetchOr(options, path);
  if (bytes === null || bytes.length === width * HASH_BYTES) return bytes && splitHashes(bytes);
  options.report(problem('file_malformed', path, `${bytes.length} bytes for ${width} hashes`));
  return null;
}

async function fetchLeaves(options: EntryWalkOptions, ref: BundleRef): Promise<Hashes | null> {
  const bytes = await fetchOr(options, tilePath(ref));
  const entries = bytes && parseBundle(bytes);
  if (bytes === null || entries?.length === ref.width) return entries?.map(leafHash) ?? null;
  options.report(problem('file_malformed', tilePath(ref), `not ${ref.width} entries`));
  return null;
}

/** Entries against the lowest tile, each by its number. */
function compareLeaves({ report }: EntryWalkOptions, { n, width }: BundleRef, computed: Hashes, stored: Hashes): void {
  for (const [i, hash] of computed.entries()) {
    const index = n * TILE_WIDTH + i;
    if (!sameHash(hash, stored[i] ?? new Uint8Array())) {
      report(problem('entry_mismatch', tilePath({ level: 'entries', n, width }), `entry ${index} does not match its tile`, index));
    }
  }
}

/** Gathers the hashes of higher levels as they come, until they fill what the log should have there. */
function upperTiles(size: number): { sink: TileHashSink; complete(): { level: number; n: number; computed: Hashes }[] } {
  const open = new Map<number, { n: number; computed: Uint8Array[] }>();
  const done: { level: number; n: number; computed: Hashes }[] = [];
  return {
    sink: (level, index, hash) => {
      if (level === 0) return;
      const n = Math.floor(index / TILE_WIDTH);
      const tile = open.get(level) ?? { n, computed: [] };
      tile.computed.push(hash);
      open.set(level, tile);
      if (tile.computed.length < tileWidth(level, n, size)) return;
      done.push({ level, ...tile });
      open.delete(level);
    },
    complete: () => done.splice(0),
  };
}

async function compareUpper(options: EntryWalkOptions, tile: { level: number; n: number; computed: Hashes }): Promise<void> {
  const stored = await fetchTile(options, tile.level, tile.n);
  const at = stored === null ? -1 : tile.computed.findIndex((hash, i) => !sameHash(hash, stored[i] ?? new Uint8Array()));
  if (at < 0) return;
  const path = tilePath({ level: tile.level, n: tile.n, width: tile.computed.length });
  options.report(problem('tile_mismatch', path, `hash ${at} is not that of the entries below`));
}

/** Appends leaves, noting the root when the tree has `sinceSize` of them. */
function grow(
  tree: CompactTree,
  leaves: Hashes,
  sinceSize: number,
  sink: TileHashSink,
): { tree: CompactTree; sinceRoot: Uint8Array | null } {
  const before = sinceSize - tree.size;
  if (before < 0 || before > leaves.length) return { tree: extend(tree, leaves, sink), sinceRoot: null };
  const middle = extend(tree, leaves.slice(0, before), sink);
  return { tree: extend(middle, leaves.slice(before), sink), sinceRoot: rootOf(middle) };
}

/**
 * Reads the log from its first entry to its last, one bundle and its tile at a time, and reports every file that does not
 * follow from the entries. Where a bundle is missing it goes on with the tile's hashes, so that one gap hides no other.
 */
export async function walkEntries(options: EntryWalkOptions): Promise<EntryWalk> {
  const { size, sinceSize, onProgress } = options;
  const upper = upperTiles(size);
  let tree = EMPTY_TREE;
  let sinceRoot: Uint8Array | null = sinceSize === 0 ? rootOf(EMPTY_TREE) : null;
  let gap = false;
  for (const ref of bundlesOf(size)) {
    const [computed, stored] = await Promise.all([fetchLeaves(options, ref), fetchTile(options, 0, ref.n)]);
    if (computed && stored) compareLeaves(options, ref, computed, stored);
    gap ||= computed === null;
    const leaves = computed ?? stored;
    if (leaves === null) return { root: null, sinceRoot };
    const grown = grow(tree, leaves, sinceSize, upper.sink);
    tree = grown.tree;
    sinceRoot ??= grown.sinceRoot;
    for (const tile of upper.complete()) await compareUpper(options, tile);
    onProgress?.({ verified: tree.size, size });
  }
  return gap ? { root: null, sinceRoot: null } : { root: rootOf(tree), sinceRoot };
}
