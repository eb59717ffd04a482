import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge, LOCK_HOLDER, type LockHolder } from './lock-holder.ts';

const NAME = 'lock.json';
const TAKEOVER_NAME = 'lock.takeover';

/** A file without a holder is one that is being written, or one whose writer died at it; after this it is the latter. */
const HALF_WRITTEN_MS = 10_000;

/** Who keeps us out. `holder` is null when the file does not say; `stuckFile` is what a person may have to delete. */
export interface Refusal {
  readonly holder: LockHolder | null;
  readonly certain: boolean;
  readonly stuckFile: string;
}

/**
 * Writes `self` into the lock file of `dataDir`, unless a holder that is not surely dead is in it. The file is made with
 * O_EXCL. A dead holder's file is replaced under a second O_EXCL file, so that of two that found it dead one wins; should
 * a process die in the microseconds of that replacement, we refuse and name the file rather than guess.
 */
export async function takeLockFile(dataDir: string, self: LockHolder): Promise<Refusal | null> {
  const path = join(dataDir, NAME);
  const text = JSON.stringify(self);
  for (;;) {
    create(path, text);
    // Read, even after we made it: it may have been replaced if this process was stopped while it wrote.
    const found = read(path);
    if (found === text) return null;
    if (found === null) continue;
    const verdict = (await verdictOn(found, path, dataDir)) ?? takeOver({ path, takeoverPath: join(dataDir, TAKEOVER_NAME), found, text });
    if (verdict === 'taken') return null;
    if (verdict !== 'wait') return verdict;
    await sleep(20 + Math.random() * 30);
  }
}

/** The holder in the lock file, if it says one. */
export function readHolder(dataDir: string): LockHolder | null {
  return parse(read(join(dataDir, NAME)) ?? '');
}

/** Removes the lock file if it is still ours. */
export function dropLockFile(dataDir: string, self: LockHolder): void {
  const path = join(dataDir, NAME);
  if (read(path) === JSON.stringify(self)) rmSync(path, { force: true });
}

/** Null when the holder is surely dead. */
async function verdictOn(found: string, path: string, dataDir: string): Promise<Refusal | 'wait' | null> {
  const holder = parse(found);
  if (holder === null) return ageMs(path) > HALF_WRITTEN_MS ? null : 'wait';
  const liveness = await judge(holder, dataDir);
  return liveness === 'dead' ? null : { holder, certain: liveness === 'alive', stuckFile: path };
}

interface Takeover {
  readonly path: string;
  readonly takeoverPath: string;
  /** What the dead holder's file said when it was judged. */
  readonly found: string;
  readonly text: string;
}

/** Runs in one go, so only a kill or a power cut can leave `takeoverPath` behind. */
function takeOver({ path, takeoverPath, found, text }: Takeover): Refusal | 'wait' | 'taken' {
  if (!create(takeoverPath, text)) {
    return ageMs(takeoverPath) > HALF_WRITTEN_MS ? { holder: null, certain: false, stuckFile: takeoverPath } : 'wait';
  }
  try {
    if (read(path) !== found) return 'wait';
    const fresh = `${path}.${randomBytes(8).toString('hex')}`;
    create(fresh, text);
    renameSync(fresh, path);
    return 'taken';
  } finally {
    rmSync(takeoverPath, { force: true });
  }
}

/** False when the file exists. */
function create(path: string, text: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return true;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string): LockHolder | null {
  try {
    return LOCK_HOLDER.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function ageMs(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
