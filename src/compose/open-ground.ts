import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { createEvidenceStore } from '../evidence/evidence-store.ts';
import { openFileBlobStore } from '../evidence/file-blob-store.ts';
import { createLocalKeyWrapper } from '../evidence/local-key-wrapper.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { createProvenance } from '../provenance/provenance.ts';
import { lockDataDir } from '../storage/embedded/data-lock.ts';
import { migrate } from '../storage/migrate.ts';
import { openDatabase } from '../storage/open-database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import type { Closers } from './closers.ts';
import { openKeys } from './open-keys.ts';
import { openSigning } from './open-signing.ts';

/** Database, keys, evidence, worker processes and the credential engine. @throws ImprimaturError that says what is wrong */
export async function openGround(config: Config, { telemetry, outbound, closers }: GroundParts) {
  const { values, dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // The embedded database locks itself; keys, evidence and the control socket have one owner with PostgreSQL, too.
  const lock = await lockDataDir(dataDir);
  closers.add(() => lock.release());
  const db = await openDatabase({
    dataDir: join(dataDir, 'database'),
    logger: telemetry.log,
    ...(values.databaseUrl === undefined ? {} : { url: values.databaseUrl.reveal() }),
  });
  closers.add(() => db.close());
  await migrate(db);
  const keys = await openKeys({ dataDir, ledgerOrigin: values.ledgerOrigin, watermarkKeys: values.watermarkKeys });
  const evidence = createEvidenceStore({
    blobs: await openFileBlobStore({ directory: join(dataDir, 'evidence') }),
    keys: createLocalKeyWrapper({ current: keys.master }),
  });
  const size = values.workers === undefined ? {} : { size: values.workers };
  const pool = createWorkerPool(size);
  closers.add(() => pool.close());
  const detectorPool = createWorkerPool({ ...size, maxRssMb: DETECTOR_RSS_MB, maxJobsPerWorker: DETECTOR_JOBS });
  closers.add(() => detectorPool.close());
  const signing = await openSigning(config, { outbound, telemetry });
  closers.add(signing.stop);
  const waitsForOthers = values.timestamps.authorities.length > 0 || values.signers.some(({ remote }) => remote !== undefined);
  const provenance = createProvenance({ signing: signing.ring, size: waitsForOthers ? ENGINES_THAT_WAIT : 1 });
  closers.add(() => provenance.close());
  return { db, keys, signing, evidence, pool, detectorPool, provenance };
}

/** An engine thread is taken while a remote signer or a time-stamp authority is asked, and does nothing meanwhile. */
const ENGINES_THAT_WAIT = 4;

/** The networks take about 450 MB; the rest is for the pixels of an animation. To load them anew costs a second. */
export const DETECTOR_RSS_MB = 1_200;
const DETECTOR_JOBS = 5_000;

interface GroundParts {
  readonly telemetry: Telemetry;
  readonly outbound: Outbound;
  readonly closers: Closers;
}

export type Ground = Awaited<ReturnType<typeof openGround>>;
