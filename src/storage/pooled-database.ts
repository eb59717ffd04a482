import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ImprimaturError } from '../contracts/errors.ts';
import { checkOut, type Lease } from './client-lease.ts';
import type { Database, Queryable, Row, Statement } from './database.ts';
import { isWorthRetrying } from './storage-failure.ts';

const MAX_RETRIES = 3;
const FIRST_BACKOFF_MS = 10;

interface PooledDatabaseOptions {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  /** Called before a client is taken; rejects when there is no server to talk to. */
  readonly beforeUse?: () => Promise<void>;
  /** Called once, after the last client is gone. */
  readonly afterClose?: () => Promise<void>;
}

/**
 * A `Database` over a `pg.Pool`. Failures of the connection or server reject with STORAGE_UNAVAILABLE, SQL errors pass
 * through. A `transaction` that meets a serialization failure or deadlock runs `work` again, up to three times.
 *
 * When the connection dies during COMMIT, nobody can know whether it happened: the error's detail says so.
 *
 * `query` and `transaction` reject with INTERNAL inside a running `transaction`: on the embedded engine they would wait
 * for the one connection forever, and on a busy pool for one another.
 */
export function createPooledDatabase({ kind, pool, beforeUse, afterClose }: PooledDatabaseOptions): Database {
  const openTransaction = new AsyncLocalStorage<{ open: boolean }>();
  let closing: Promise<void> | undefined;

  async function lease(): Promise<Lease> {
    if (closing) throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'The database was closed.' });
    if (openTransaction.getStore()?.open) {
      throw new ImprimaturError('INTERNAL', { detail: 'The pool was used inside a transaction; use the transaction itself.' });
    }
    await beforeUse?.();
    return checkOut(pool);
  }

  async function once<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const held = await lease();
    const scope = { open: true };
    const tx: Queryable = {
      query<R extends Row>(statement: Statement) {
        if (scope.open) return held.run<R>(statement, 'in a transaction');
        return Promise.reject(new ImprimaturError('INTERNAL', { detail: 'A transaction was used after its end.' }));
      },
    };
    try {
      await held.run({ text: 'begin' }, 'beginning a transaction');
      const result = await openTransaction.run(scope, () => work(tx));
      scope.open = false;
      await commit(held);
      held.release();
      return result;
    } catch (error) {
      scope.open = false;
      await rollBack(held);
      throw error;
    }
  }

  async function close(): Promise<void> {
    try {
      await pool.end();
    } finally {
      await afterClose?.();
    }
  }

  return {
    kind,
    async query<R extends Row>(statement: Statement) {
      const held = await lease();
      try {
        return await held.run<R>(statement, 'running a statement');
      } finally {
        held.release();
      }
    },
    async transaction(work) {
      for (let retry = 0; ; retry++) {
        try {
          return await once(work);
        } catch (error) {
          if (retry === MAX_RETRIES || !isWorthRetrying(error)) throw error;
          await sleep(FIRST_BACKOFF_MS * 2 ** retry * (0.5 + Math.random()));
        }
      }
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error; `work` may have swallowed the first one. */
async function commit(held: Lease): Promise<void> {
  const { command } = await held.run({ text: 'commit' }, 'committing, so the outcome is unknown');
  if (command !== 'COMMIT') {
    throw new ImprimaturError('INTERNAL', { detail: 'A statement failed inside the transaction and its error was swallowed.' });
  }
}

/** Never throws: the error that led here matters more. A client that cannot roll back is destroyed. */
async function rollBack(held: Lease): Promise<void> {
  try {
    if (!held.broken()) await held.run({ text: 'rollback' }, 'rolling back');
  } catch {
    held.distrust();
  }
  held.release();
}
