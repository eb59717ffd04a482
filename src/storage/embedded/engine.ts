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

/** Nothing runs until `ensureRunning`. */
export function createEngine({ clusterDir, socketPath, onFailed }: EngineOptions): Engine {
  let running: Promise<Worker> | undefined;

  async function start(): Promise<Worker> {
    // A process that was killed leaves its socket behind; we hold the lock, so nobody listens on it.
    await rm(socketPath, { force: true });
    const entry = jobModule(import.meta.url, './engine-worker');
    const worker = new Worker(new URL('./bootstrap.mjs', import.meta.url), { workerData: { entry, clusterDir, socketPath }, execArgv: [] });
    return new Promise<Worker>((resolve, reject) => {
      let reason = 'The engine ended.';
      worker.on('message', (value: unknown) => {
        const message = ENGINE_MESSAGE.parse(value);
        if (message.kind === 'ready') resolve(worker);
        else reason = message.reason;
      });
      worker.on('error', (error) => {
        reason = `The engine crashed: ${error.message}`;
      });
      worker.on('exit', (code) => {
        running = undefined;
        if (code !== 0) onFailed(reason);
        reject(new ImprimaturError('STORAGE_UNAVAILABLE', { detail: reason }));
      });
    });
  }

  return {
    async ensureRunning() {
      running ??= start();
      await running;
    },
    async stop() {
      const worker = await running?.catch(() => undefined);
      if (worker === undefined) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS);
        worker.once('exit', () => {
          clearTimeout(timer);
          resolve();
        });
        worker.postMessage('stop');
      });
    },
  };
}
