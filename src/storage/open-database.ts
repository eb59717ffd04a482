import { Pool } from 'pg';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import { createPooledDatabase } from './pooled-database.ts';
import type { StorageLogger } from './storage-logger.ts';

export interface OpenDatabaseOptions {
  /** `postgres://…` of a PostgreSQL 14 or later. Absent: the embedded engine in `dataDir`. */
  readonly url?: string;
  /** Made with mode 0700 when it does not exist. Used by the embedded engine only. */
  readonly dataDir: string;
  readonly logger?: StorageLogger;
  /** Connections to an external server; the embedded engine always has one. */
  readonly poolSize?: number;
  /** After this the server cancels a statement (SQLSTATE 57014). The embedded engine has no timer and ignores it. */
  readonly statementTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** How much later than the server the driver gives up: only a server that is gone or a network that swallows is so late. */
const DRIVER_GRACE_MS = 5_000;

/**
 * Opens the one database, embedded or external. It does not migrate.
 * @throws ImprimaturError STORAGE_LOCKED when another process uses `dataDir`, STORAGE_UNAVAILABLE when the server cannot
 *   be reached, CONFIG_INVALID when `url` is no URL or `dataDir` holds a database of another PostgreSQL version.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { url, dataDir, logger } = options;
  const database = url === undefined ? await openEmbedded({ dataDir, ...(logger && { logger }) }) : connect(url, options);
  try {
    await database.query({ text: 'select 1' });
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function connect(url: string, { logger, poolSize = 10, statementTimeoutMs = 30_000 }: OpenDatabaseOptions): Database {
  // The URL may hold a password, so the detail and the cause must not repeat it.
  if (!/^postgres(?:ql)?:\/\//.test(url)) {
    throw new ImprimaturError('CONFIG_INVALID', { detail: 'The database URL must begin with postgres:// or postgresql://.' });
  }
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + DRIVER_GRACE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'imprimatur',
  });
  surviveLostConnections(pool, logger);
  return createPooledDatabase({ kind: 'postgres', pool });
}

/** Without a listener Node ends the process on an `error` event, and a dying server makes one on every connection. */
function surviveLostConnections(pool: Pool, logger: StorageLogger | undefined): void {
  const warn = (error: Error) => logger?.warn({ reason: error.message }, 'A database connection was lost.');
  pool.on('error', warn);
  pool.on('connect', (client) => client.on('error', warn));
}
