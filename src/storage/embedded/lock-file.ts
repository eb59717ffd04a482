import { createHash, randomBytes } from 'node:crypto';
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
 * O_EXCL. A dead holder's file is replaced under a second O_EXCL file, so that of two that found it dead one wins. A process
 * that dies during that replacement leaves its name in the second file, and is succeeded in the same way; only when it died
 * before it wrote its name do we refuse and name the file, rather than guess.
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
    const verdict = (await verdictOn(found, path, dataDir)) ?? (await takeOver({ path, dataDir, found, text }));
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
  readonly dataDir: string;
  /** What the dead holder's file said when it was judged. */
  readonly found: string;
  readonly text: string;
}

async function takeOver({ path, dataDir, found, text }: Takeover): Promise<Refusal | 'wait' | 'taken'> {
  const claim = await claimTakeover(dataDir, text);
  if (claim === 'wait' || 'stuckFile' in claim) return claim;
  // From here on nothing waits, so only a kill or a power cut can leave these files behind.
  try {
    // Somebody was faster. The files of the dead are no longer ours to remove: a new one may have taken the name.
    if (read(path) !== found) return 'wait';
    const fresh = `${path}.${randomBytes(8).toString('hex')}`;
    create(fresh, text);
    renameSync(fresh, path);
    for (const file of claim.left) rmSync(file, { force: true });
    return 'taken';
  } finally {
    rmSync(claim.own, { force: true });
  }
}

/**
 * The right to replace the lock file: `lock.takeover`, made with O_EXCL, or, where a process died over it, the file named after
 * what that process wrote, and so on. A name belongs to one dead process, so of several successors one makes it. What a
 * successor did too late shows in the lock file, which then is not what it found.
 * @returns our own file, and those that the dead left
 */
async function claimTakeover(dataDir: string, text: string): Promise<{ own: string; left: readonly string[] } | Refusal | 'wait'> {
  const left: string[] = [];
  for (let path = join(dataDir, TAKEOVER_NAME); ; ) {
    if (create(path, text)) return { own: path, left };
    const theirs = read(path);
    if (theirs === null) return 'wait';
    const holder = parse(theirs);
    const liveness = holder === null ? 'unknown' : await judge(holder, dataDir);
    if (liveness !== 'dead') return ageMs(path) > HALF_WRITTEN_MS ? { holder, certain: liveness === 'alive', stuckFile: path } : 'wait';
    left.push(path);
    path = join(dataDir, `${TAKEOVER_NAME}.${createHash('sha256').update(theirs).digest('hex').slice(0, 16)}`);
  }
}

/** False when the file exists. One that cannot be written, on a full disk, is taken away again: empty it would block every later start. */
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
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
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
