import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** CPU and memory of a process and everything below it. */
export interface ProcessUse {
  /** User and system time so far, in milliseconds, in steps of 10. Children that ended and were waited for are in it. */
  readonly cpuMs: number;
  /** Resident now, all processes. Shared pages count in each of them. */
  readonly rssMb: number;
  /** The most that the first process alone ever had. */
  readonly peakMb: number;
}

const TICK_MS = 10;
/** In /proc/<pid>/stat, counted from the state after the name: parent 1, utime 11, stime 12, cutime 13, cstime 14. */
const [PARENT, UTIME, CSTIME] = [1, 11, 14] as const;

function statOf(pid: number): readonly string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return null;
  }
}

function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function treeOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat !== null) parents.set(Number(name), Number(stat[PARENT]));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** Linux only. */
export function processUse(pid: number): ProcessUse {
  const tree = treeOf(pid);
  const ticks = tree.flatMap((one) => (statOf(one) ?? []).slice(UTIME, CSTIME + 1).map(Number)).reduce((sum, value) => sum + value, 0);
  return {
    cpuMs: ticks * TICK_MS,
    rssMb: tree.reduce((sum, one) => sum + memoryOf(one, 'VmRSS'), 0),
    peakMb: memoryOf(pid, 'VmHWM'),
  };
}

/** Watches the memory of the whole tree while `work` runs. */
export async function withPeak<T>(pid: number, work: () => Promise<T>): Promise<{ readonly result: T; readonly treePeakMb: number }> {
  let treePeakMb = 0;
  let running = true;
  const watch = (async () => {
    while (running) {
      treePeakMb = Math.max(treePeakMb, processUse(pid).rssMb);
      await sleep(200);
    }
  })();
  try {
    return { result: await work(), treePeakMb };
  } finally {
    running = false;
    await watch;
  }
}
