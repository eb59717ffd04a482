import { readdirSync, readFileSync } from 'node:fs';

/** State and parent of a process from `/proc`, or null when it is gone (or there is no `/proc`). */
function statOf(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    // The name is in parentheses and may hold spaces.
    const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** The processes that this one started, and those that they started. */
export function descendantsOf(pid: number): number[] {
  const children = pids().filter((one) => statOf(one)?.parent === pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** A zombie has ended. */
export function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== null && stat.state !== 'Z';
}
