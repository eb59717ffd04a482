import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyLookup } from './access/key-store.ts';
import { createSignedLinks } from './access/signed-links.ts';
import { buildChecks } from './compose/build-checks.ts';
import { buildLedger } from './compose/build-ledger.ts';
import { buildModels } from './compose/build-models.ts';
import { openKeys } from './compose/open-keys.ts';
import { type Conductor, createConductor } from './conductor.ts';
import type { Config } from './config/load-config.ts';
import { createEvidenceStore } from './evidence/evidence-store.ts';
import { openFileBlobStore } from './evidence/file-blob-store.ts';
import { createLocalKeyWrapper } from './evidence/local-key-wrapper.ts';
import { createGenerationStore } from './generations/generation-store.ts';
import { newInstanceId, startInstance } from './generations/instance.ts';
import { createReplay } from './generations/replay.ts';
import type { HttpParts } from './http/parts.ts';
import type { Toolbox } from './pipeline.ts';
import { createProvenance } from './provenance/provenance.ts';
import { migrate } from './storage/migrate.ts';
import { openDatabase } from './storage/open-database.ts';
import { createLogger, createTelemetry } from './telemetry/telemetry.ts';
import { createLabeler } from './watermark/visible-label.ts';
import { createWorkerPool } from './workers/fork-pool.ts';

/** A gateway with every part built and running, and no door open yet. */
export interface Gateway {
  readonly parts: HttpParts;
  readonly conductor: Conductor;
  /** Where callers reach it, for links; set once a door listens. */
  setBaseUrl(url: string): void;
  /** Lets running generations end (10 s at most), then stops everything in the order in which it depends. */
  close(): Promise<void>;
}

/** The one place that builds things: config → parts. @throws ImprimaturError that says what is set up wrongly */
export async function composeGateway(config: Config): Promise<Gateway> {
  const { values, dataDir } = config;
  const log = createLogger(values.logLevel);
  const telemetry = createTelemetry(log);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const closers: (() => Promise<unknown>)[] = [];
  const closeAll = async () => {
    for (const close of closers.reverse()) await close().catch((error: unknown) => telemetry.stageFailed(error, 'shutdown'));
  };
  try {
    return await build();
  } catch (error) {
    await closeAll();
    throw error;
  }

  async function build(): Promise<Gateway> {
    const db = await openDatabase({
      dataDir: join(dataDir, 'database'),
      logger: log,
      ...(values.databaseUrl === undefined ? {} : { url: values.databaseUrl.reveal() }),
    });
    closers.push(() => db.close());
    await migrate(db);
    const keys = await openKeys(dataDir, values.ledgerOrigin);
    const evidence = createEvidenceStore({
      blobs: await openFileBlobStore({ directory: join(dataDir, 'evidence') }),
      keys: createLocalKeyWrapper({ current: keys.master }),
    });
    const pool = createWorkerPool(values.workers === undefined ? {} : { size: values.workers });
    closers.push(() => pool.close());
    const provenance = createProvenance({ signer: keys.claimSigner, trustAnchorsPem: keys.trustAnchorsPem });
    closers.push(() => provenance.close());
    const { policy, runner, toRaster, isBlack } = await buildChecks(config, pool, telemetry);
    const { models, close: closeModels } = buildModels(config, { pool, isBlack });
    closers.push(closeModels);
    const { journal, reader, stop: stopLedger } = buildLedger(config, { db, keyPair: keys.ledger, telemetry });
    closers.push(stopLedger);

    const instanceId = newInstanceId();
    const store = createGenerationStore(db);
    const toolbox: Toolbox = {
      checks: runner,
      policy,
      journal,
      evidence,
      instanceId,
      models,
      toRaster,
      modelTimeoutMs: values.modelTimeoutMs,
      label: createLabeler({ pool }),
      provenance,
      promptKey: keys.prompt,
    };
    const conductor = createConductor({
      toolbox,
      store,
      journal,
      replay: createReplay({ store, evidence, patienceMs: values.modelTimeoutMs }),
      onError: telemetry.stageFailed,
    });
    const instance = await startInstance(instanceId, {
      db,
      journal,
      isRunningHere: conductor.isRunning,
      onError: (error) => telemetry.stageFailed(error, 'heartbeat'),
    });
    closers.push(instance.stop, () => conductor.drain(10_000));

    let baseUrl = values.publicUrl ?? `http://${values.host}:${values.port}`;
    const parts: HttpParts = {
      config,
      db,
      findKey: createKeyLookup(db),
      ingest: { modelNames: { configured: [...models.keys()], aliases: values.aliases }, maxPromptChars: values.maxPromptChars },
      conductor,
      store,
      evidence,
      journal,
      checks: runner,
      policy,
      appeal: appealText(policy.document.appeal),
      provenance,
      ledger: reader,
      ledgerKey: keys.ledger.verifierKey,
      trustAnchorsPem: keys.trustAnchorsPem,
      review: { review: { db, journal, policy, instanceId }, reopen: { store, evidence, toRaster }, publish: toolbox, conductor },
      links: createSignedLinks({ secret: keys.links, baseUrl: () => baseUrl }),
      telemetry,
      isReady: async () => (await db.query({ text: 'select 1' })).rowCount === 1,
    };
    return {
      parts,
      conductor,
      setBaseUrl: (url) => {
        baseUrl = values.publicUrl ?? url;
      },
      close: closeAll,
    };
  }
}

function appealText({ url, contact }: { readonly url?: string; readonly contact?: string }): string {
  if (url !== undefined) return `object at ${url}`;
  return contact ?? 'write to the operator of this service';
}
