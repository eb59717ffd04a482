import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** A file system of its own in memory, which only processes started `through` it can see at `directory`. */
export interface SmallDisk {
  /** A program and its arguments that start another one where the disk is mounted. */
  readonly through: readonly string[];
  /** The same directory seen from here. */
  readonly outside: string;
  /** Writes until nothing more fits. */
  fill(): Promise<void>;
  /** Takes that away again. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

interface SmallDiskOptions {
  /** Where it is mounted; made when it does not exist. */
  readonly directory: string;
  readonly sizeMb: number;
}

/**
 * Mounts a tmpfs in a mount namespace of its own, so that nothing is left when the tests die. Root needs nothing else, other users
 * a user namespace.
 * @returns the reason when this machine does not allow it
 */
export async function mountSmallDisk({ directory, sizeMb }: SmallDiskOptions): Promise<SmallDisk | { readonly refused: string }> {
  await mkdir(directory, { recursive: true });
  const asRoot = process.getuid?.() === 0;
  const script = `mount -t tmpfs -o size=${sizeMb}m,mode=0700 tmpfs "$0" && echo mounted && exec cat >/dev/null`;
  const holder = spawn('unshare', [...(asRoot ? [] : ['--map-root-user']), '--mount', 'sh', '-c', script, directory]);
  let [said, complaint] = ['', ''];
  holder.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  const mounted = new Promise<boolean>((resolve) => {
    holder.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('mounted')) resolve(true);
    });
    holder.on('error', () => resolve(false));
    holder.on('close', () => resolve(false));
  });
  if (!(await mounted)) return { refused: `no tmpfs can be mounted here (${complaint.trim() || 'unshare is missing'})` };

  const outside = join(`/proc/${holder.pid}/root`, directory);
  const filler = join(outside, 'filler');
  const namespaces = asRoot ? ['--mount'] : ['--user', '--preserve-credentials', '--mount'];
  return {
    through: ['nsenter', '--target', String(holder.pid), ...namespaces],
    outside,
    fill: () => fill(filler, outside),
    free: () => rm(filler, { force: true }),
    async remove() {
      const gone = once(holder, 'close');
      holder.stdin.end();
      await gone;
    },
  };
}

async function fill(path: string, directory: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    while ((await statfs(directory)).bavail > 0) await file.write(Buffer.alloc(4096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    await file.close();
  }
}
