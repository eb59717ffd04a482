import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { frameReader, toFrame } from './frames.mjs';

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));
const CHANNEL_FD = 3;

/** Nothing of the parent's environment: it holds keys. One libvips thread each, and few arenas, keep memory flat. */
const ENVIRONMENT = { TZ: 'UTC', VIPS_CONCURRENCY: '1', MALLOC_ARENA_MAX: '2' } as const;

/**
 * Without helper threads of the garbage collector: there is a process for each processor already, and a job's heap is some 20 MB. (Alternating jobs of both
 * kinds on a loaded machine: 0 to 5 % less CPU.)
 */
const FLAGS = ['--title=imprimatur-worker', '--single-threaded-gc'] as const;

export interface WorkerProcessOptions {
  readonly maxHeapMb: number;
  readonly maxAnswerBytes: number;
  readonly onMessage: (message: unknown) => void;
  readonly onBroken: (why: string) => void;
  /** Called once, when the process has ended and everything that it wrote has been read. */
  readonly onGone: (detail: string) => void;
}

/** One child process that runs `bootstrap.mjs`, and the channel to it. */
export interface WorkerProcess {
  /** 0 when it could not be started. */
  readonly pid: number;
  readonly gone: Promise<void>;
  /** @throws {Error} when the message cannot be cloned; nothing was sent then. */
  send(message: unknown): void;
  kill(): void;
  /** Whether this process keeps the parent's event loop alive. */
  hold(busy: boolean): void;
}

/** Starts a process: SIGKILL ends it, and it ends by itself when the parent does. Its stdout and stderr go nowhere. */
export function startWorkerProcess({ maxHeapMb, maxAnswerBytes, onMessage, onBroken, onGone }: WorkerProcessOptions): WorkerProcess {
  const child = spawn(process.execPath, [...FLAGS, `--max-old-space-size=${maxHeapMb}`, BOOTSTRAP], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: ENVIRONMENT,
    windowsHide: true,
  });
  // Missing when the parent is out of file descriptors: Node then sets up no streams at all.
  const stream = child.stdio?.[CHANNEL_FD];
  const channel = stream instanceof Socket ? stream : undefined;
  channel?.on('data', frameReader({ maxBytes: maxAnswerBytes, onMessage, onBroken }));
  // A write to a process that has just died; its `close` event tells the pool.
  channel?.on('error', () => {});

  const gone = new Promise<void>((resolve) => {
    const end = (detail: string) => {
      onGone(detail);
      resolve();
    };
    child.once('close', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    child.once('error', () => {
      if (child.pid === undefined) end('could not start');
    });
  });

  return {
    pid: child.pid ?? 0,
    gone,
    send(message) {
      const parts = toFrame(message);
      channel?.cork();
      for (const part of parts) channel?.write(part);
      channel?.uncork();
    },
    kill() {
      child.kill('SIGKILL');
    },
    hold(busy) {
      if (busy) {
        child.ref();
        channel?.ref();
      } else {
        child.unref();
        channel?.unref();
      }
    },
  };
}
