import { mkdir, realpath } from 'node:fs/promises';
import { Pool } from 'pg';
import type { Database } from '../database.ts';
import { createPooledDatabase } from '../pooled-database.ts';
import type { StorageLogger } from '../storage-logger.ts';
import { lockDataDir } from './data-lock.ts';
import { createEngine } from './engine.ts';
import { initialize } from './initialize.ts';
import { makeSocketDir } from './socket-dir.ts';

interface OpenEmbeddedOptions {
  readonly dataDir: string;
  readonly logger?: StorageLogger;
}

/** Longer than a checkpoint or VACUUM that holds the only connection. */
const CONNECTION_WAIT_MS = 30_000;

/**
 * PostgreSQL inside this process, durable, in `dataDir`. An engine that crashes is restarted by the next statement.
 * @throws ImprimaturError STORAGE_LOCKED, STORAGE_UNAVAILABLE or CONFIG_INVALID; see `openDatabase`.
 */
export async function openEmbedded({ dataDir: asGiven, logger }: OpenEmbeddedOptions): Promise<Database> {
  await mkdir(asGiven, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(asGiven);
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const lock = await lockDataDir(dataDir);
    undo.push(() => lock.release());
    const clusterDir = await initialize(dataDir);
    const socketDir = await makeSocketDir(dataDir);
    undo.push(() => socketDir.remove());
    const onFailed = (reason: string) => logger?.warn({ reason }, 'The embedded database stopped; the next statement restarts it.');
    const engine = createEngine({ clusterDir, socketPath: socketDir.socketPath, onFailed });
    undo.push(() => engine.stop());
    await engine.ensureRunning();
    const pool = onlyConnection(socketDir.path);
    return createPooledDatabase({ kind: 'embedded', pool, beforeUse: () => engine.ensureRunning(), afterClose: close });
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The engine is one session: a second connection would share its transaction, its locks and its prepared statements
 * (measured). So there is one, and one that replaces a lost one starts clean.
 */
function onlyConnection(host: string): Pool {
  const pool = new Pool({
    host,
    port: 5432,
    user: 'postgres',
    password: '',
    database: 'postgres',
    ssl: false,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    onConnect: async (client) => {
      await client.query('discard all');
    },
  });
  // The engine reports its own end; the connection's end says nothing new.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
