import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a training set. */
export interface FoundPicture {
  /** From the folder's root, with `/` between names. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** What stands beside pictures and is none: captions, tables, sidecars. */
const BESIDE = /\.(?:txt|json|jsonl|csv|tsv|md|parquet|caption|xmp|license|headers)$/i;
const MAX_DEPTH = 64;

/**
 * The files of a folder one after another, folder by folder, by name: always in the same order, with the names of one folder in memory at a time. Names
 * that begin with a dot, and links, are left out: a training set must not lead to the rest of the machine.
 * @throws file system errors of the root; a folder below that cannot be read is empty
 */
export async function* walkFolder(root: string): AsyncGenerator<FoundPicture> {
  yield* walk(root, '', 0);
}

async function* walk(root: string, below: string, depth: number): AsyncGenerator<FoundPicture> {
  const names = await readdir(join(root, below)).catch((error: unknown) => {
    if (depth === 0) throw error;
    return [];
  });
  for (const name of names.sort()) {
    if (name.startsWith('.') || BESIDE.test(name)) continue;
    const path = below === '' ? name : `${below}/${name}`;
    const entry = await lstat(join(root, path)).catch(() => null);
    if (entry?.isFile() === true) yield { path, bytes: entry.size, modifiedMs: Math.floor(entry.mtimeMs) };
    else if (entry?.isDirectory() === true && depth < MAX_DEPTH) yield* walk(root, path, depth + 1);
  }
}
