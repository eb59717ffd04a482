import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createInterface } from 'node:readline';

/** A program that a bench started, and what it said about itself in its first line of JSON. */
export interface Child {
  readonly pid: number;
  readonly hello: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

interface StartOptions {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves when it is ready; absent: its first line of JSON says so. */
  readonly ready?: () => Promise<void>;
}

/** Starts `node` with `args`. Its stderr is ours; it gets no environment but the path. */
export async function startChild({ args, cwd, env = {}, ready }: StartOptions): Promise<Child> {
  const child = spawn(process.execPath, [...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const hello = ready === undefined ? await firstLine(child, args) : await ready().then(() => ({}));
  if (ready !== undefined) child.stdout.resume();
  return { pid: child.pid ?? 0, hello, stop: () => stop(child) };
}

async function firstLine(child: ChildProcess, args: readonly string[]): Promise<Record<string, string>> {
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return JSON.parse(line);
  throw new Error(`${args.join(' ')} ended before it said anything`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

/** In a child: a bench that was killed closes our stdin. */
export function endWithParent(): void {
  process.stdin.on('close', () => process.exit()).resume();
  process.once('SIGTERM', () => process.exit());
}

/** Listens on a free port that only this machine reaches; resolves to the address. */
export async function listenOnLoopback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return `http://127.0.0.1:${address.port}`;
}
