import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps what is written here in memory. */
const SHARED_MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
const GIB = 2 ** 30;
/** A whole run was never seen to hold more than 1 GiB at once. */
const WANTED_BYTES = 3 * GIB;
const WANTED_MEMORY_BYTES = 6 * GIB;

/**
 * Puts the temporary directory into memory for this process and those that it starts, where there is plenty. The tests make and delete
 * thousands of databases, and a disk's directories cost a third of their time; what a killed process leaves behind is the same in both. (No
 * test pulls a plug: those that care for durability watch what is synchronized, or fill a small disk of their own.)
 *
 * @returns what takes it away again; a directory that the caller has named stays
 */
export function useMemoryForTemporaryFiles(): () => void {
  if (process.env['TMPDIR'] !== undefined || !hasRoom()) return () => undefined;
  const directory = mkdtempSync(join(SHARED_MEMORY, 'imprimatur-tests-'));
  // PostgreSQL runs as another user, as it insists.
  chmodSync(directory, 0o1777);
  process.env['TMPDIR'] = directory;
  if (tmpdir() !== directory) throw new Error('Node looks for TMPDIR somewhere else.');
  return () => {
    delete process.env['TMPDIR'];
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };
}

function hasRoom(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(SHARED_MEMORY);
    return type === TMPFS && bavail * bsize >= WANTED_BYTES && freemem() >= WANTED_MEMORY_BYTES;
  } catch {
    return false;
  }
}
