import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Database, Queryable, Row, Statement } from '../storage/database.ts';
import { LEDGER_SCHEMA } from './schema.ts';

const INSTALLED = '/usr/lib/postgresql';
const NOBODY = 65_534;

/** Where PostgreSQL's programs are on Debian, or null. */
export function findPostgres(): string | null {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a)) : [];
  const dirs = versions.map((version) => join(INSTALLED, version, 'bin'));
  return dirs.find((dir) => existsSync(join(dir, 'initdb'))) ?? null;
}

function queryable(client: { query(config: object): Promise<{ rows: unknown[]; rowCount: number | null }> }): Queryable {
  return {
    query: async <R extends Row>(statement: Statement) => {
      const { rows, rowCount } = await client.query({ ...statement, ...(statement.values && { values: [...statement.values] }) });
      return { rows: rows as R[], rowCount: rowCount ?? 0 };
    },
  };
}

function openPool(host: string, max: number): Database {
  const pool = new pg.Pool({ host, user: 'postgres', database: 'postgres', max });
  pool.on('error', () => {});
  return {
    ...queryable(pool),
    kind: 'postgres',
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(queryable(client));
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
  const setup = openPool(dir, 1);
  for (let attempt = 0; ; attempt++) {
    try {
      await setup.query({ text: 'select 1' });
      break;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
  await setup.query({ text: LEDGER_SCHEMA });
  await setup.close();
  return {
    socketDir: dir,
    open: (max = 10) => openPool(dir, max),
    stop: async () => {
      server.kill('SIGINT');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
