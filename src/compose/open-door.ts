import { join } from 'node:path';
import { createDoor, type Door } from '../access/door/door.ts';
import type { Config } from '../config/load-config.ts';
import type { Database } from '../storage/database.ts';
import { openDatabase } from '../storage/open-database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

interface DoorGround {
  readonly db: Database;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

interface OpenedDoor {
  readonly door: Door;
  /** What it asks through. */
  readonly source: Database;
}

/** The embedded engine has one connection. */
const CONCURRENCY = { postgres: 2, embedded: 1 } as const;

/** Whoever has to be let in waits behind no long statement, and not long for a database that does not answer. */
export async function openDoor({ values, dataDir }: Config, { db, telemetry, closers }: DoorGround): Promise<OpenedDoor> {
  const source =
    values.databaseUrl === undefined
      ? db
      : await openDatabase({
          url: values.databaseUrl.reveal(),
          dataDir: join(dataDir, 'database'),
          logger: telemetry.log,
          poolSize: 3,
          statementTimeoutMs: 1_000,
        });
  if (source !== db) closers.add(() => source.close());
  const onError = (error: unknown) => telemetry.stageFailed(error, 'limits');
  return { source, door: createDoor({ db: source, concurrency: CONCURRENCY[db.kind], onError }) };
}
