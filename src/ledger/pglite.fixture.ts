import { PGlite, types } from '@electric-sql/pglite';
import type { Database, Queryable, Row, Statement } from '../storage/database.ts';
import { ledger } from '../storage/migrations/0002-ledger.ts';

interface Runs {
  query<R>(text: string, values?: unknown[]): Promise<{ rows: R[]; affectedRows?: number }>;
}

function queryable(pg: Runs): Queryable {
  return {
    query: async <R extends Row>({ text, values }: Statement) => {
      const { rows, affectedRows } = await pg.query<R>(text, [...(values ?? [])]);
      return { rows, rowCount: affectedRows ?? rows.length };
    },
  };
}

/** An empty ledger in memory, with the value types that the real driver gives. One session, so nothing in it is concurrent. */
export async function openLedgerInMemory(): Promise<Database & { reset(): Promise<void> }> {
  const pg = await PGlite.create({ parsers: { [types.INT8]: (text: string) => text } });
  await pg.exec(ledger.sql);
  return {
    ...queryable(pg),
    kind: 'embedded',
    transaction: (work) => pg.transaction((tx) => work(queryable(tx))),
    close: () => pg.close(),
    reset: async () => void (await pg.exec(`drop schema public cascade; create schema public; ${ledger.sql}`)),
  };
}
