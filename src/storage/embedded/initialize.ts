import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImprimaturError } from '../../contracts/errors.ts';
import { jobModule } from '../../workers/job-module.ts';

/** The PostgreSQL major version inside PGlite 0.5.14. */
const POSTGRES_MAJOR = '18';

const CLUSTER = 'postgres';
const UNFINISHED = 'postgres.new-';

/**
 * Returns the cluster's directory inside `dataDir`, made by a child process when there is none: inside this one it would
 * leave 700 MB behind (measured). A new cluster gets its name only when it is complete and synced, so a crash at any
 * moment leaves either none or a whole one. The caller holds the lock of `dataDir`.
 * @throws ImprimaturError CONFIG_INVALID when the cluster was made by another PostgreSQL version, STORAGE_UNAVAILABLE
 *   when it cannot be made.
 */
export async function initialize(dataDir: string): Promise<string> {
  const clusterDir = join(dataDir, CLUSTER);
  const version = await versionOf(clusterDir);
  if (version === POSTGRES_MAJOR) return clusterDir;
  if (version !== undefined) {
    const detail = `The data directory holds a PostgreSQL ${version} database, this build needs ${POSTGRES_MAJOR}. Dump it with the older build and load it here.`;
    throw new ImprimaturError('CONFIG_INVALID', { detail });
  }
  const unfinished = join(dataDir, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  await removeUnfinished(dataDir);
  try {
    await makeCluster(unfinished);
    await chmod(unfinished, 0o700);
    await rename(unfinished, clusterDir);
    await syncDirectory(dataDir);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: `The database could not be created: ${String(cause)}`, cause });
  }
  return clusterDir;
}

async function versionOf(clusterDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The child of a process that was killed writes on until it looks up from its work, some seconds later, so a directory may fill up again
 * while it is removed. One that resists for 5 s is left to the next start: nothing will ever read it.
 */
async function removeUnfinished(dataDir: string): Promise<void> {
  const names = await readdir(dataDir);
  const left = names.filter((name) => name.startsWith(UNFINISHED));
  const options = { recursive: true, force: true, maxRetries: 14, retryDelay: 50 };
  await Promise.all(left.map((name) => rm(join(dataDir, name), options).catch(() => undefined)));
}

function makeCluster(directory: string): Promise<void> {
  const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));
  const entry = jobModule(import.meta.url, './initdb-child');
  const child = fork(bootstrap, [entry, directory], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-1000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb ended with ${signal ?? code}. ${complaint}`));
    });
  });
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
