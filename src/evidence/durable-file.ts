import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A process that dies leaves its drafts behind under such a name. */
const DRAFT_NAME = /^\.draft-(\d+)-[0-9a-f]{16}$/;

/**
 * Writes a file that is complete or not there, and refuses to replace one: draft, `fsync`, hard link, then `fsync` of the directory.
 * When this resolves to 'stored', file and name survive a power cut. On any error nothing of it is left.
 *
 * @param draftDirectory on the same file system as `path`; the directory of `path` unless given.
 * @returns 'existed' when the name is taken; the file there is not looked at.
 */
export async function createDurableFile({
  path,
  bytes,
  mode,
  draftDirectory = dirname(path),
}: {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly draftDirectory?: string;
}): Promise<'stored' | 'existed'> {
  const draft = join(draftDirectory, `.draft-${process.pid}-${randomBytes(8).toString('hex')}`);
  const file = await open(draft, 'wx', mode);
  try {
    await fill(file, bytes);
    await link(draft, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'existed';
    throw error;
  } finally {
    // A draft that stays is removed at the next start.
    await unlink(draft).catch(() => {});
  }
  try {
    await syncDirectoryOf(dirname(path));
  } catch (error) {
    await unlink(path);
    throw error;
  }
  return 'stored';
}

async function fill(file: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a directory durable. */
export async function syncDirectoryOf(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The process that left this draft, or null when it is no draft. */
export function draftOwner(name: string): number | null {
  const pid = DRAFT_NAME.exec(name)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** True for an error of the operating system with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
