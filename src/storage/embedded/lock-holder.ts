import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { someoneListensOn } from './socket-lock.ts';

/**
 * Who holds a data directory. A pid alone is not enough: pids are used again, and two containers on one volume are both
 * process 1.
 */
export const LOCK_HOLDER = z.object({
  pid: z.number().int().positive(),
  /** Clock ticks from boot to the start of the process (proc(5), `stat` field 22); null where there is no /proc. */
  startTicks: z.string().nullable(),
  bootId: z.string().nullable(),
  pidNamespace: z.string().nullable(),
  host: z.string(),
  /** Name of the socket in the data directory on which the holder listens; null when the path was too long for one. */
  beacon: z
    .string()
    .regex(/^lock-[0-9a-f]{16}\.sock$/)
    .nullable(),
  since: z.string(),
});

export type LockHolder = z.infer<typeof LOCK_HOLDER>;

/** `unknown`: it ran on another machine, and nothing here can tell whether it still does. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** Describes this process. */
export function describeSelf(beacon: string | null): LockHolder {
  return {
    pid: process.pid,
    startTicks: startTicksOf(process.pid),
    bootId: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
    beacon,
    since: new Date().toISOString(),
  };
}

/** Whether the holder of the lock on `dataDir` still runs. Doubt is never `dead`. */
export async function judge(holder: LockHolder, dataDir: string, self: LockHolder = describeSelf(null)): Promise<Liveness> {
  // Another boot of the same machine ended every process of the last one.
  if (holder.bootId !== self.bootId) return holder.host === self.host ? 'dead' : 'unknown';
  // Without a boot id only the name tells machines apart.
  if (self.bootId === null && holder.host !== self.host) return 'unknown';
  const byPid = holder.pidNamespace === self.pidNamespace ? judgeByPid(holder) : 'unknown';
  if (byPid !== 'unknown' || holder.beacon === null) return byPid;
  return (await someoneListensOn(join(dataDir, holder.beacon))) ? 'alive' : 'dead';
}

/** For a holder in our own pid namespace. `unknown`: the pid is in use, and nothing says by whom. */
function judgeByPid({ pid, startTicks }: LockHolder): Liveness {
  if (!exists(pid)) return 'dead';
  if (startTicks === null) return 'unknown';
  return startTicksOf(pid) === startTicks ? 'alive' : 'dead';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** A zombie has ended and holds nothing, but keeps its pid and start time until its parent looks. */
function startTicksOf(pid: number): string | null {
  return orNull(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, field 2, is in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  });
}

function orNull(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
