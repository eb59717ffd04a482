/**
 * The thread that runs PostgreSQL (PGlite) and serves it on a Unix socket. Its calls into WASM are synchronous: in the
 * main thread they starved every timer (measured), which is why they are here.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { DURABLE_START_PARAMS, DurableNodeFs } from './durable-node-fs.ts';
import { ENGINE_INPUT, type EngineMessage } from './engine-messages.ts';

/** The status with which PGlite's WASM code leaves the main loop after an ordinary SQL error. */
const LONG_JUMP_STATUS = 100;

/** A client that reconnects may arrive before the engine has seen its old connection close. */
const MAX_CONNECTIONS = 4;

function say(message: EngineMessage): void {
  parentPort?.postMessage(message);
}

/** `process.exit` in a thread unwinds it without running another line, so no answer leaves after this. */
function halt(reason: string): never {
  say({ kind: 'failed', reason });
  process.exit(1);
}

/** Emscripten's `ExitStatus` is no `Error`. */
function isLongJump(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === LONG_JUMP_STATUS;
}

/** PGlite swallows every exception of its main loop and goes on with a broken engine; only the long jump is harmless. */
function haltOnCrash(engine: PGlite['Module']): void {
  const loopOnce = engine._PostgresMainLoopOnce;
  engine._PostgresMainLoopOnce = () => {
    try {
      loopOnce();
    } catch (error) {
      if (isLongJump(error)) throw error;
      halt(`The engine crashed: ${String(error)}`);
    }
  };
}

async function serve(): Promise<() => Promise<void>> {
  const { clusterDir, socketPath } = ENGINE_INPUT.parse(workerData);
  const db = await PGlite.create({ fs: new DurableNodeFs(clusterDir, halt), startParams: [...DURABLE_START_PARAMS] });
  haltOnCrash(db.Module);
  const server = new PGLiteSocketServer({ db, path: socketPath, maxConnections: MAX_CONNECTIONS });
  await server.start();
  return async () => {
    await server.stop();
    await db.close();
  };
}

try {
  const stop = await serve();
  parentPort?.once('message', () => {
    stop().then(
      () => process.exit(0),
      (error: unknown) => halt(`The engine did not stop cleanly: ${String(error)}`),
    );
  });
  say({ kind: 'ready' });
} catch (error) {
  halt(`The engine did not start: ${String(error)}`);
}
