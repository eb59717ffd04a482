import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Queryable } from '../storage/database.ts';
import { formatBundle } from './entry-bundle.ts';
import { consistencyProof, inclusionProof, type TileReader } from './proof.ts';
import { type BundleRef, TILE_WIDTH, type TileRef, tilePath, truncateTile } from './tile.ts';
import { cacheTiles } from './tile-cache.ts';

/** Reads what the sequencer committed. Everything it gives out is public and cannot change, the newest checkpoint excepted. */
export interface LedgerReader extends TileReader {
  /** The newest signed checkpoint with the cosignature lines it has, or null before the first batch. */
  latestCheckpoint(options?: { readonly minCosignatures?: number }): Promise<string | null>;
  /** One tile. Throws LEDGER_INVALID when the log has no tile of that width. */
  tile(ref: TileRef): Promise<Uint8Array>;
  /** One bundle of entries. Throws LEDGER_INVALID when the log has fewer entries. */
  entryBundle(ref: Omit<BundleRef, 'level'>): Promise<Uint8Array>;
  /** The lowest index of an entry with this leaf hash, or null when it is not in the log (yet). */
  findEntry(leafHash: Uint8Array): Promise<number | null>;
  /** Siblings of leaf `index` in the tree of `size` leaves. Throws NOT_FOUND for an index outside of it. */
  inclusionProof(index: number, size: number): Promise<Uint8Array[]>;
  /** Throws NOT_FOUND unless 0 ≤ `oldSize` ≤ `newSize`, LEDGER_INVALID when the log is smaller than `newSize`. */
  consistencyProof(oldSize: number, newSize: number): Promise<Uint8Array[]>;
}

const bytes = z.instanceof(Uint8Array);
const checkpointRow = z.object({ note: z.string(), cosignatures: z.string() });
const tileRow = z.object({ hashes: bytes.nullable() });
const entryRow = z.object({ entry: bytes });
const indexRow = z.object({ idx: z.coerce.number() });

async function latestCheckpoint(db: Queryable, minCosignatures: number): Promise<string | null> {
  const { rows } = await db.query({
    name: 'ledger-latest',
    text: `select note, cosignatures from ledger_checkpoints c
      cross join lateral (
        select count(*) as witnesses, coalesce(string_agg(line, '' order by witness), '') as cosignatures
        from ledger_cosignatures where size = c.size
      ) as cosigned
      where witnesses >= $1 order by size desc limit 1`,
    values: [minCosignatures],
  });
  if (rows[0] === undefined) return null;
  const { note, cosignatures } = checkpointRow.parse(rows[0]);
  return note + cosignatures;
}

/** All tiles of a proof in one round trip; the subquery per tile makes the planner use the key whatever its statistics say. */
async function readTiles(db: Queryable, refs: readonly TileRef[]): Promise<Uint8Array[]> {
  const { rows } = await db.query({
    name: 'ledger-tiles',
    text: `select (select substring(hashes from 1 for wanted.bytes) from ledger_tiles t where t.level = wanted.level and t.n = wanted.n) as hashes
      from unnest($1::int[], $2::bigint[], $3::int[]) with ordinality as wanted(level, n, bytes, place)
      order by place`,
    values: [refs.map(({ level }) => level), refs.map(({ n }) => n), refs.map(({ width }) => width * 32)],
  });
  return refs.map((ref, i) => truncateTile(tileRow.parse(rows[i]).hashes ?? undefined, ref));
}

async function entryBundle(db: Queryable, { n, width }: Omit<BundleRef, 'level'>): Promise<Uint8Array> {
  const { rows } = await db.query({
    name: 'ledger-bundle',
    text: 'select entry from ledger_leaves where idx >= $1::bigint and idx < $1::bigint + $2::int order by idx',
    values: [n * TILE_WIDTH, width],
  });
  if (rows.length !== width) {
    throw new ImprimaturError('LEDGER_INVALID', { detail: `${tilePath({ level: 'entries', n, width })} has ${rows.length} entries` });
  }
  return formatBundle(rows.map((row) => entryRow.parse(row).entry));
}

async function findEntry(db: Queryable, leafHash: Uint8Array): Promise<number | null> {
  const { rows } = await db.query({
    name: 'ledger-find',
    // `+ 0` keeps the planner from walking the primary key in order and filtering a million rows.
    text: 'select idx from ledger_leaves where leaf_hash = $1 order by idx + 0 limit 1',
    values: [leafHash],
  });
  return rows[0] === undefined ? null : indexRow.parse(rows[0]).idx;
}

/** A reader over a database. Remembers full tiles, so it is not for a transaction that might be undone. */
export function createLedgerReader(db: Queryable): LedgerReader {
  const tiles = cacheTiles({ readTiles: (refs) => readTiles(db, refs) });
  return {
    ...tiles,
    latestCheckpoint: ({ minCosignatures = 0 } = {}) => latestCheckpoint(db, minCosignatures),
    tile: async (ref) => truncateTile((await tiles.readTiles([ref]))[0], ref),
    entryBundle: (ref) => entryBundle(db, ref),
    findEntry: (leafHash) => findEntry(db, leafHash),
    inclusionProof: (index, size) => inclusionProof(index, size, tiles),
    consistencyProof: (oldSize, newSize) => consistencyProof(oldSize, newSize, tiles),
  };
}
