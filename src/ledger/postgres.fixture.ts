import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Database, Queryable, Statement } from '../storage/database.ts';
import { ledger } from '../storage/migrations/0002-ledger.ts';

const INSTALLED = '/usr/lib/postgresql';
const NOBODY = 65_534;

/** Where PostgreSQL's programs are on Debian, or null. */
export function findPostgres(): string | null {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a)) : [];
  const dirs = versions.map((version) => join(INSTALLED, version, 'bin'));
  return dirs.find((dir) => existsSync(join(dir, 'initdb'))) ?? null;
}

function queryable(run: (config: pg.QueryConfig) => Promise<pg.QueryResult>): Queryable {
  return {
    query: async ({ text, values, name }: Statement) => {
      const { rows, rowCount } = await run({ text, ...(values && { values: [...values] }), ...(name && { name }) });
      return { rows, rowCount: rowCount ?? 0 };
    },
  };
}

function openPool(host: string, max: number): Database {
  const pool = new pg.Pool({ host, user: 'postgres', database: 'postgres', max });
  pool.on('error', () => {});
  // A client that is checked out when the server cuts it off tells only its own listeners, and without one the process dies.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return {
    ...queryable((config) => pool.query(config)),
    kind: 'postgres',
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(queryable((config) => client.query(config)));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

export interface TestPostgres {
  readonly socketDir: string;
  open(max?: number): Database;
  /** Empties the ledger; nobody else may be connected. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** A throw-away server on a private socket, holding an empty ledger. As root it runs as nobody, since PostgreSQL refuses root. */
export async function startPostgres(bin: string, settings: readonly string[] = ['fsync=off']): Promise<TestPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'ledger-pg-'));
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in as) chownSync(dir, NOBODY, NOBODY);
  const data = join(dir, 'data');
  await promisify(execFile)(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--no-locale', '-E', 'UTF8'], {
    ...as,
    cwd: dir,
  });
  const options = [...settings, 'listen_addresses='].flatMap((setting) => ['-c', setting]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', dir, ...options], { ...as, cwd: dir, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const reset = async () => {
    const setup = openPool(dir, 1);
    await setup.query({ text: `drop schema public cascade; create schema public; ${ledger.sql}` });
    await setup.close();
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await reset();
      break;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
  return {
    socketDir: dir,
    open: (max = 10) => openPool(dir, max),
    reset,
    stop: async () => {
      server.kill('SIGINT');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
