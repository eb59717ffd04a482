import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { ImprimaturError } from '../../contracts/errors.ts';
import { jobModule } from '../../workers/job-module.ts';
import { ENGINE_MESSAGE } from './engine-messages.ts';

interface EngineOptions {
  /** The PostgreSQL cluster's directory; the caller holds its lock. */
  readonly clusterDir: string;
  readonly socketPath: string;
  readonly onFailed: (reason: string) => void;
}

/** PostgreSQL in a thread. */
export interface Engine {
  /**
   * Resolves when the engine listens, and starts it when it does not run. After a crash this is a restart with crash
   * recovery. @throws ImprimaturError STORAGE_UNAVAILABLE when it does not start.
   */
  ensureRunning(): Promise<void>;
  /** Checkpoints and ends the thread. */
  stop(): Promise<void>;
}

/** How long a clean stop may take before the thread is ended as it stands; nothing acknowledged is lost by that. */
const STOP_TIMEOUT_MS = 20_000;

interface Thread {
  readonly worker: Worker;
  /** Rejects with STORAGE_UNAVAILABLE when it ends before it listens. */
  readonly listening: Promise<void>;
  /** Resolves when the thread has ended, whatever the reason. */
  readonly gone: Promise<void>;
}

/** Nothing runs until `ensureRunning`. */
export function createEngine(options: EngineOptions): Engine {
  let current: Promise<Thread> | undefined;
  let lastGone: Promise<void> = Promise.resolve();

  /** Two threads must never have the cluster open, so the next one waits until the last one is gone. */
  async function next(): Promise<Thread> {
    await lastGone;
    // A process that was killed leaves its socket behind; we hold the lock, so nobody listens on it.
    await rm(options.socketPath, { force: true });
    const thread = startThread(options, () => {
      current = undefined;
    });
    lastGone = thread.gone;
    return thread;
  }

  return {
    async ensureRunning() {
      current ??= next();
      await (await current).listening;
    },
    async stop() {
      const thread = await current;
      thread?.worker.postMessage('stop');
      const timer = setTimeout(() => void thread?.worker.terminate(), STOP_TIMEOUT_MS);
      await lastGone;
      clearTimeout(timer);
    },
  };
}

/** `onLost` is called once, at the first sign that the thread is of no more use. */
function startThread({ clusterDir, socketPath, onFailed }: EngineOptions, onLost: () => void): Thread {
  const entry = jobModule(import.meta.url, './engine-worker');
  const worker = new Worker(new URL('./bootstrap.mjs', import.meta.url), { workerData: { entry, clusterDir, socketPath }, execArgv: [] });
  let lost = false;
  let reason = 'The engine ended.';
  const failed = (why: string) => {
    if (!lost) onLost();
    lost = true;
    reason = why;
  };
  worker.on('error', (error) => failed(`The engine crashed: ${error.message}`));
  const listening = new Promise<void>((resolve, reject) => {
    worker.on('message', (value: unknown) => {
      const message = ENGINE_MESSAGE.parse(value);
      if (message.kind === 'ready') resolve();
      else failed(message.reason);
    });
    worker.on('exit', () => reject(new ImprimaturError('STORAGE_UNAVAILABLE', { detail: reason })));
  });
  // Whoever waits for it hears of it; nobody may be waiting.
  listening.catch(() => undefined);
  const gone = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      failed(reason);
      if (code !== 0) onFailed(reason);
      resolve();
    });
  });
  return { worker, listening, gone };
}
