/** The child process that makes a new cluster in the directory given as its second argument, syncs it, and ends. */
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** 4 MB instead of 16: a new segment is zeroed and synced while commits wait, and the cluster takes 10 MB less disk. */
const WAL_SEGMENT_MB = 4;

function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) syncPath(path);
  }
  syncPath(directory);
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const directory = process.argv[3];
if (directory === undefined) throw new Error('No directory was given.');

// Without its parent nobody will give the cluster its name.
process.once('disconnect', () => process.exit(1));
const db = await PGlite.create({ dataDir: directory, initDbStartParams: [`--wal-segsize=${WAL_SEGMENT_MB}`] });
await db.close();
syncTree(directory);
process.exit(0);
