import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { createEvidenceStore } from '../evidence/evidence-store.ts';
import { openFileBlobStore } from '../evidence/file-blob-store.ts';
import { createLocalKeyWrapper } from '../evidence/local-key-wrapper.ts';
import { createProvenance } from '../provenance/provenance.ts';
import { lockDataDir } from '../storage/embedded/data-lock.ts';
import { migrate } from '../storage/migrate.ts';
import { openDatabase } from '../storage/open-database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import type { Closers } from './closers.ts';
import { openKeys } from './open-keys.ts';

/** Database, keys, evidence, worker processes and the credential engine. @throws ImprimaturError that says what is wrong */
export async function openGround({ values, dataDir }: Config, { log }: Telemetry, closers: Closers) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // The embedded database locks itself; keys, evidence and the control socket have one owner with PostgreSQL, too.
  const lock = await lockDataDir(dataDir);
  closers.add(() => lock.release());
  const db = await openDatabase({
    dataDir: join(dataDir, 'database'),
    logger: log,
    ...(values.databaseUrl === undefined ? {} : { url: values.databaseUrl.reveal() }),
  });
  closers.add(() => db.close());
  await migrate(db);
  const keys = await openKeys(dataDir, values.ledgerOrigin);
  const evidence = createEvidenceStore({
    blobs: await openFileBlobStore({ directory: join(dataDir, 'evidence') }),
    keys: createLocalKeyWrapper({ current: keys.master }),
  });
  const pool = createWorkerPool(values.workers === undefined ? {} : { size: values.workers });
  closers.add(() => pool.close());
  const provenance = createProvenance({ signer: keys.claimSigner, trustAnchorsPem: keys.trustAnchorsPem });
  closers.add(() => provenance.close());
  return { db, keys, evidence, pool, provenance };
}

export type Ground = Awaited<ReturnType<typeof openGround>>;
