import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file to look at, or why a path is none. */
export type FoundFile = { readonly path: string; readonly bytes: number } | { readonly path: string; readonly problem: string };

/** What nobody waits for; a loop of mounts ends here. */
const MAX_FILES = 1_000_000;
const MAX_DEPTH = 64;

/**
 * The files at these paths, folders with all that is in them, by name. What begins with a dot is left out of folders, and links are not
 * followed there: a folder of uploads must not lead to the rest of the machine. Never throws; what cannot be read is a problem.
 */
export async function collectFiles(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const path of paths) await collect(path, 0, found);
  return found;
}

async function collect(path: string, depth: number, found: FoundFile[]): Promise<void> {
  if (found.length >= MAX_FILES) return;
  try {
    const entry = depth === 0 ? await stat(path) : await lstat(path);
    if (entry.isFile()) found.push({ path, bytes: entry.size });
    else if (entry.isDirectory()) await collectFolder(path, depth, found);
    else if (depth === 0) found.push({ path, problem: 'is neither a file nor a folder' });
  } catch (error) {
    found.push({ path, problem: codeOf(error) });
  }
}

async function collectFolder(path: string, depth: number, found: FoundFile[]): Promise<void> {
  if (depth >= MAX_DEPTH) {
    found.push({ path, problem: 'is nested too deeply' });
    return;
  }
  const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  for (const name of names.toSorted()) await collect(join(path, name), depth + 1, found);
}

/** `ENOENT` and its kin. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'cannot be read';
}
