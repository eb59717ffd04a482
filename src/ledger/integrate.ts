import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { type CompactTree, extend, rootOf, splitHashes } from './merkle.ts';
import { type NoteSigner, signNote } from './note.ts';
import { collectTileRuns, packTileRuns, type TileRun } from './tile-runs.ts';

export interface Integration {
  readonly integrated: number;
  /** Leaves in the log afterwards. */
  readonly size: number;
}

export interface IntegrateOptions {
  readonly db: Database;
  readonly origin: string;
  readonly signer: NoteSigner;
  /** Most entries in one transaction. */
  readonly maxBatch: number;
}

const bytes = z.instanceof(Uint8Array);
const statusRow = z.object({ size: z.coerce.number(), pending: z.boolean() });
const headRow = z.object({ size: z.coerce.number(), frontier: bytes });
const takenRow = z.object({ hashes: bytes.nullable() });
const storedRow = z.object({ heads: z.coerce.number(), tiles: z.coerce.number() });

/** Everything that one batch changes. */
interface Growth {
  readonly before: CompactTree;
  readonly after: CompactTree;
  readonly runs: readonly TileRun[];
  readonly note: string;
}

async function lockHead(tx: Queryable): Promise<CompactTree> {
  const { rows } = await tx.query({ name: 'ledger-lock', text: 'select size, frontier from ledger_head for update' });
  return headRow.parse(rows[0]);
}

/**
 * Moves entries from the outbox to their places, without their bytes ever leaving the database. "Delete what is visible" and
 * never "above the last id": ids are drawn before commit, so a low one can appear after a high one (RFC 6962 asks for no order).
 * The `materialized` list keeps the planner from running the limited subquery more than once.
 */
async function takeEntries(tx: Queryable, { size, maxBatch }: { size: number; maxBatch: number }): Promise<Uint8Array[]> {
  const { rows } = await tx.query({
    name: 'ledger-take',
    text: `with picked as materialized (select id from ledger_outbox order by id limit $2 for update skip locked),
      taken as (delete from ledger_outbox where id in (select id from picked) returning id, entry),
      placed as (
        insert into ledger_leaves (idx, leaf_hash, entry)
        select $1::bigint + row_number() over (order by id) - 1, sha256('\\x00'::bytea || entry), entry from taken
        returning idx, leaf_hash
      )
      select string_agg(leaf_hash, ''::bytea order by idx) as hashes from placed`,
    values: [size, maxBatch],
  });
  return splitHashes(takenRow.parse(rows[0]).hashes ?? new Uint8Array());
}

/** Writes tiles, checkpoint and head in one statement, and refuses when either was not exactly as the batch began. */
async function storeGrowth(tx: Queryable, { before, after, runs, note }: Growth): Promise<void> {
  const tiles = packTileRuns(runs);
  const { rows } = await tx.query({
    name: 'ledger-store',
    text: `with run as (
        select level, n, substring($1::bytea from start for length) as hashes, width
        from unnest($2::int[], $3::bigint[], $4::int[], $5::int[], $6::int[]) as r(level, n, start, length, width)
      ),
      tile as (
        insert into ledger_tiles as t (level, n, hashes) select level, n, hashes from run
        on conflict (level, n) do update set hashes = t.hashes || excluded.hashes
        returning t.level, t.n, octet_length(t.hashes) as width
      ),
      checkpoint as (insert into ledger_checkpoints (size, note) values ($7::bigint, $8)),
      head as (update ledger_head set size = $7::bigint, frontier = $9, root = $10 where size = $11::bigint returning 1)
      select (select count(*) from head) as heads, (select count(*) from tile join run using (level, n, width)) as tiles`,
    values: [
      tiles.bytes,
      tiles.levels,
      tiles.numbers,
      tiles.starts,
      tiles.lengths,
      tiles.widths,
      after.size,
      note,
      after.frontier,
      rootOf(after),
      before.size,
    ],
  });
  const stored = storedRow.parse(rows[0]);
  if (stored.heads !== 1 || stored.tiles !== runs.length) {
    throw new ImprimaturError('LEDGER_INVALID', { detail: `the stored tree does not fit its head at size ${before.size}` });
  }
}

async function integrateBatch(tx: Queryable, { origin, signer, maxBatch }: IntegrateOptions): Promise<Integration> {
  const before = await lockHead(tx);
  const leaves = await takeEntries(tx, { size: before.size, maxBatch });
  if (leaves.length === 0) return { integrated: 0, size: before.size };
  const tiles = collectTileRuns();
  const after = extend(before, leaves, tiles.sink);
  // Signed before commit but known to nobody until then; if the commit fails, the note is lost with it and no fork exists.
  const note = signNote(formatCheckpoint({ origin, size: after.size, root: rootOf(after) }), [signer]);
  await storeGrowth(tx, { before, after, runs: tiles.runs(), note });
  return { integrated: leaves.length, size: after.size };
}

/**
 * Moves at most `maxBatch` committed entries into the tree and signs the new checkpoint, all in one transaction: lock the head,
 * take, store, commit. Any number of processes may call it at once; the row lock puts them in line and the comparison of the
 * size catches a head that changed regardless. Rejects with LEDGER_INVALID when tiles and head disagree, or with the
 * driver's error; nothing has then happened.
 */
export async function integrate(options: IntegrateOptions): Promise<Integration> {
  const { rows } = await options.db.query({
    name: 'ledger-status',
    text: 'select size, exists (select 1 from ledger_outbox) as pending from ledger_head',
  });
  const { size, pending } = statusRow.parse(rows[0]);
  if (!pending) return { integrated: 0, size };
  return await options.db.transaction((tx) => integrateBatch(tx, options));
}
