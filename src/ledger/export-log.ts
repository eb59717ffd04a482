import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImprimaturError } from '../contracts/errors.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { LedgerReader } from './reader.ts';
import { bundlesOf, TILE_WIDTH, type TileRef, tilePath, tilesOf } from './tile.ts';

export interface ExportedLog {
  readonly size: number;
  /** Files written, the checkpoint included. */
  readonly files: number;
}

/** Tiles per query: half a megabyte. */
const TILES_PER_READ = 64;

async function writeAt(dir: string, path: string, content: Uint8Array | string): Promise<void> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function exportTiles(reader: LedgerReader, dir: string, size: number): Promise<number> {
  const refs: TileRef[] = [...tilesOf(size)];
  for (let from = 0; from < refs.length; from += TILES_PER_READ) {
    const some = refs.slice(from, from + TILES_PER_READ);
    const tiles = await reader.readTiles(some);
    await Promise.all(some.map((ref, i) => writeAt(dir, tilePath(ref), tiles[i] ?? new Uint8Array())));
  }
  return refs.length;
}

/**
 * Writes the log as the static files of C2SP tlog-tiles, which any auditor can check offline or a web server can serve. The
 * checkpoint (the newest with at least `minCosignatures` witnesses) is written last, so a broken-off export has none or an
 * older one, never one that promises files that are not there. Throws NOT_FOUND when there is no such checkpoint.
 */
export async function exportLog(
  reader: LedgerReader,
  dir: string,
  options: { readonly minCosignatures?: number } = {},
): Promise<ExportedLog> {
  const note = await reader.latestCheckpoint(options);
  const checkpoint = note === null ? null : parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
  if (note === null || checkpoint === null) throw new ImprimaturError('NOT_FOUND', { detail: 'the ledger has no checkpoint to export' });
  const { size } = checkpoint;
  const tiles = await exportTiles(reader, dir, size);
  for (const ref of bundlesOf(size)) await writeAt(dir, tilePath(ref), await reader.entryBundle(ref));
  await writeAt(dir, 'checkpoint', note);
  return { size, files: tiles + Math.ceil(size / TILE_WIDTH) + 1 };
}
