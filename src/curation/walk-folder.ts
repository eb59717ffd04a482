import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Why something in a folder is not looked at. `beside`: it stands beside pictures and is none. */
export type SkippedFor = 'hidden' | 'link' | 'special' | 'beside' | 'too_deep' | 'unreadable';

/** A file of a training set, or what is not looked at: then a folder, too. */
export interface FoundPicture {
  /** From the folder's root, with `/` between names. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly skipped?: SkippedFor;
}

/** Captions, tables, sidecars. */
const BESIDE = /\.(?:txt|json|jsonl|csv|tsv|md|parquet|caption|xmp|license|headers)$/i;
const MAX_DEPTH = 64;

/**
 * What is in a folder, one after another, folder by folder, by name: always in the same order, with the names of one folder in memory at a time. Names
 * that begin with a dot, and links, are not followed: a training set must not lead to the rest of the machine.
 * @throws file system errors of the root; a folder below that cannot be read is skipped
 */
export async function* walkFolder(root: string): AsyncGenerator<FoundPicture> {
  yield* walk(root, '', 0);
}

async function* walk(root: string, below: string, depth: number): AsyncGenerator<FoundPicture> {
  const names = await readdir(join(root, below)).catch((error: unknown) => {
    if (depth === 0) throw error;
    return null;
  });
  if (names === null) yield { path: below, bytes: 0, modifiedMs: 0, skipped: 'unreadable' };
  for (const name of names?.sort() ?? []) {
    const path = below === '' ? name : `${below}/${name}`;
    const entry = await lstat(join(root, path)).catch(() => null);
    const about = { path, bytes: entry?.isFile() === true ? entry.size : 0, modifiedMs: Math.floor(entry?.mtimeMs ?? 0) };
    const skipped = whySkipped(name, entry, depth);
    if (skipped !== undefined) yield { ...about, skipped };
    else if (entry?.isDirectory() === true) yield* walk(root, path, depth + 1);
    else yield about;
  }
}

function whySkipped(name: string, entry: Stats | null, depth: number): SkippedFor | undefined {
  if (name.startsWith('.')) return 'hidden';
  if (entry === null) return 'unreadable';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return depth < MAX_DEPTH ? undefined : 'too_deep';
  if (!entry.isFile()) return 'special';
  return BESIDE.test(name) ? 'beside' : undefined;
}
