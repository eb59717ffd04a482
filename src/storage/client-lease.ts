import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Row, Statement } from './database.ts';
import { isConnectionFailure, unavailable } from './storage-failure.ts';

/** A statement that may take longer than the driver's own patience, such as a migration. 0: no limit. */
export interface PatientStatement extends Statement {
  readonly driverTimeoutMs: number;
}

interface Answer<R> {
  readonly rows: readonly R[];
  readonly rowCount: number;
  /** The server's word for what it did, such as `COMMIT`. */
  readonly command: string;
}

/** One client, borrowed from the pool. */
export interface Lease {
  /**
   * `doing` goes into the detail of the error when the connection or the server fails, which is STORAGE_UNAVAILABLE; SQL
   * errors come through untouched.
   */
  run<R extends Row>(statement: Statement, doing: string): Promise<Answer<R>>;
  /** True once the connection failed: the client will be destroyed and not go back to the pool. */
  broken(): boolean;
  distrust(): void;
  release(): void;
}

/** Borrows a client. @throws ImprimaturError STORAGE_UNAVAILABLE when none can be had, whatever the reason. */
export async function checkOut(pool: Pool): Promise<Lease> {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (cause) {
    throw unavailable('connecting', cause);
  }
  let broken = false;
  return {
    async run<R extends Row>(statement: Statement, doing: string) {
      try {
        return toAnswer(await client.query<R>(forDriver(statement)));
      } catch (error) {
        if (!isConnectionFailure(error)) throw error;
        broken = true;
        throw unavailable(doing, error);
      }
    },
    broken: () => broken,
    distrust() {
      broken = true;
    },
    release() {
      client.release(broken);
    },
  };
}

function isPatient(statement: Statement): statement is PatientStatement {
  return 'driverTimeoutMs' in statement;
}

/** The driver takes a mutable array, and reads its time limit from a field that 0 does not switch off (`0 || default`). */
function forDriver(statement: Statement) {
  const { text, name, values } = statement;
  return {
    text,
    ...(name === undefined ? {} : { name }),
    ...(values === undefined ? {} : { values: [...values] }),
    ...(isPatient(statement) ? { query_timeout: statement.driverTimeoutMs || LONGEST_TIMER_MS } : {}),
  };
}

/** 24 days: the longest time that a Node timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Several statements in one text give an array of results, of which the last counts. */
function toAnswer<R extends Row>(result: QueryResult<R> | QueryResult<R>[]): Answer<R> {
  const last = Array.isArray(result) ? result.at(-1) : result;
  return { rows: last?.rows ?? [], rowCount: last?.rowCount ?? 0, command: last?.command ?? '' };
}
