import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 60_000;

export interface ChildCommand {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** What the first group of `pattern` matched on stdout; rejects when the process ends before. */
  said(pattern: RegExp): Promise<string>;
  signal(name: 'SIGHUP'): void;
  /** Ends it as a service manager would, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** `imprimatur <args>` in a process of its own, compiled from the sources as they are. It inherits nothing but what Node needs. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildCommand {
  const inherited = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TMPDIR: process.env['TMPDIR'] ?? '/tmp' };
  const child = spawn(process.execPath, [join(inject('compiledTree'), 'bin/imprimatur.mjs'), ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = once(child, 'close');
  return {
    stdout: () => out,
    stderr: () => err,
    async said(pattern) {
      for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
        const found = pattern.exec(out)?.[1];
        if (found !== undefined) return found;
        if (child.exitCode !== null) break;
        await sleep(50);
      }
      throw new Error(`the command did not say ${pattern}. Exit code ${child.exitCode}.\n${err.slice(-2000)}`);
    },
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}
