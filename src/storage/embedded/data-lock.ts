import { createHash, randomBytes } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImprimaturError } from '../../contracts/errors.ts';
import { dropLockFile, type Refusal, readHolder, takeLockFile } from './lock-file.ts';
import { describeSelf, judge, type LockHolder } from './lock-holder.ts';
import { listenOn, type SocketLock, someoneListensOn } from './socket-lock.ts';

/** `sun_path` holds 104 bytes on macOS, 108 on Linux, the closing zero included. */
const MAX_SOCKET_PATH_BYTES = 103;

/** A winner takes the socket first and writes its name a moment later. */
const NAME_WAIT_MS = 500;

/** After a minute a beacon was lit for good or its process is gone. */
const OLD_BEACON_MS = 60_000;

export interface DataLock {
  release(): Promise<void>;
}

/**
 * Takes the data directory for this process. Two engines on one directory lose rows and corrupt files without an error
 * (measured), and PGlite does not lock. There are three parts, because none is enough:
 *
 * - Linux's abstract socket: atomic, and gone with its process, but seen only inside one network namespace;
 * - `lock.json`, made with O_EXCL: seen by everyone who sees the volume, but stays behind after a crash;
 * - a listening socket file, the beacon: tells from another container whether the holder of `lock.json` lives.
 *
 * A lock is taken over only when its holder is surely dead.
 * @throws ImprimaturError STORAGE_LOCKED, whose detail names the holder and what to do; STORAGE_UNAVAILABLE when the directory cannot
 *   be written, for want of space or rights.
 */
export async function lockDataDir(directory: string): Promise<DataLock> {
  const dataDir = realpathSync(directory);
  const held: SocketLock[] = [];
  const letGo = async () => {
    for (const lock of held.splice(0).reverse()) await lock.release();
  };
  try {
    if (process.platform === 'linux') held.push((await listenOn(abstractName(dataDir))) ?? (await refuseNamed(dataDir)));
    const beacon = `lock-${randomBytes(8).toString('hex')}.sock`;
    const lit = Buffer.byteLength(join(dataDir, beacon)) <= MAX_SOCKET_PATH_BYTES ? await listenOn(join(dataDir, beacon)) : null;
    if (lit) held.push(lit);
    const self = describeSelf(lit ? beacon : null);
    const refusal = await takeLockFile(dataDir, self);
    if (refusal) throw locked(dataDir, refusal);
    await removeOldBeacons(dataDir);
    return {
      async release() {
        dropLockFile(dataDir, self);
        await letGo();
      },
    };
  } catch (error) {
    await letGo();
    if (error instanceof ImprimaturError || !(error instanceof Error && 'code' in error)) throw error;
    const detail = `The data directory ${dataDir} cannot be written (${String(error.code)}).`;
    throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail, cause: error });
  }
}

/**
 * Device and inode name the directory itself, so two paths to one volume meet, and `/data` in two containers of one pod
 * (one network namespace, two volumes) does not.
 */
function abstractName(dataDir: string): string {
  const { dev, ino } = statSync(dataDir, { bigint: true });
  return `\0imprimatur-${createHash('sha256').update(`${dev}:${ino}`).digest('hex')}`;
}

async function refuseNamed(dataDir: string): Promise<never> {
  const deadline = Date.now() + NAME_WAIT_MS;
  let holder: LockHolder | null;
  do {
    holder = readHolder(dataDir);
    if (holder !== null && (await judge(holder, dataDir)) === 'alive') break;
    holder = null;
    await sleep(20);
  } while (Date.now() < deadline);
  throw locked(dataDir, { holder, certain: true, stuckFile: '' });
}

/** Only old ones that nobody listens on: a process that is about to be refused, or to succeed us, has lit its own. */
async function removeOldBeacons(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const path = join(dataDir, name);
    if (
      !/^lock-[0-9a-f]{16}\.sock$/.test(name) ||
      Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < OLD_BEACON_MS
    )
      continue;
    if (!(await someoneListensOn(path))) await rm(path, { force: true });
  }
}

function locked(dataDir: string, { holder, certain, stuckFile }: Refusal): ImprimaturError {
  const who = holder === null ? 'Another process' : `Process ${holder.pid} on ${holder.host} (since ${holder.since})`;
  const advice = certain
    ? 'Stop it, or give this one its own data directory. Several processes on one database need a PostgreSQL server.'
    : `It cannot be seen from here. When you are sure that it no longer runs, delete ${stuckFile}.`;
  return new ImprimaturError('STORAGE_LOCKED', {
    detail: `${who} uses the data directory ${dataDir}. ${advice}`,
    hint: `${who} uses it. ${advice}`,
  });
}
