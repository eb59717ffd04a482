import { createKeyLookup } from './access/key-store.ts';
import { createSignedLinks } from './access/signed-links.ts';
import { buildLearning, openPromptModels } from './compose/build-learning.ts';
import { buildLedger } from './compose/build-ledger.ts';
import { buildMarks } from './compose/build-marks.ts';
import { buildModels } from './compose/build-models.ts';
import { buildRecovery } from './compose/build-recovery.ts';
import { type Closers, createClosers } from './compose/closers.ts';
import { letHeapGrow } from './compose/heap-growth.ts';
import { openChecks } from './compose/open-checks.ts';
import { type Ground, openGround } from './compose/open-ground.ts';
import { openRegisters } from './compose/open-registers.ts';
import { createConductor } from './conductor.ts';
import type { Config } from './config/load-config.ts';
import type { ImageModel } from './contracts/image-model.ts';
import { createFingerprint } from './detectors/pixels/picture-fingerprint.ts';
import type { CheckEntry } from './detectors/registry.ts';
import type { EvidenceStore } from './evidence/evidence-store.ts';
import { createGenerationStore, type GenerationStore } from './generations/generation-store.ts';
import { newInstanceId, startInstance } from './generations/instance.ts';
import { createReplay } from './generations/replay.ts';
import { promptFindings } from './generations/stored-decisions.ts';
import type { HttpParts } from './http/parts.ts';
import type { ModelNames } from './ingest/model-names.ts';
import type { Journal } from './ledger/journal.ts';
import { createOutbound } from './outbound/outbound.ts';
import type { Toolbox } from './pipeline.ts';
import { createMetadataWriter } from './provenance/metadata/metadata-writer.ts';
import { takedownOf } from './registries/takedowns/takedown-store.ts';
import { createLogger, createTelemetry, type Telemetry } from './telemetry/telemetry.ts';

/** A gateway with every part built and running, and no door open yet. */
export interface Gateway {
  readonly parts: HttpParts;
  /** Where callers reach it, for links; set once a door listens. */
  setBaseUrl(url: string): void;
  /**
   * Loads what pictures are looked at with, so that nobody waits for it; a command that looks at none does without.
   * @throws ImprimaturError DETECTOR_MODEL_ALTERED when a network that the policy relies on is missing or another
   */
  warmUp(): Promise<void>;
  /** Signers, trust anchors and time-stamp authorities anew; nothing changes when they are bad. @throws ImprimaturError CONFIG_INVALID */
  reloadSigning(config: Config): Promise<void>;
  /** Lets running generations end (10 s at most), then stops everything in the order in which it depends. */
  close(): Promise<void>;
}

/** Parts that take the place of the shipped ones: tests plant checks that fail, benches leave a part out to learn its price. */
export interface Overrides {
  readonly checks?: readonly CheckEntry[];
  readonly evidence?: EvidenceStore;
  readonly journal?: Journal;
}

/** The one place that builds things: config → parts. @throws ImprimaturError that says what is set up wrongly */
export async function composeGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  letHeapGrow();
  const telemetry = createTelemetry(createLogger(config.values.logLevel));
  const closers = createClosers((error) => telemetry.stageFailed(error, 'shutdown'));
  try {
    return await build(config, overrides, { telemetry, closers });
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

interface BuildParts {
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

async function build(config: Config, overrides: Overrides, { telemetry, closers }: BuildParts): Promise<Gateway> {
  const { values } = config;
  const outbound = createOutbound();
  closers.add(() => outbound.close());
  const ground = await openGround(config, { telemetry, outbound, closers });
  const { db, keys, pool, provenance, signing } = ground;
  const evidence = overrides.evidence ?? ground.evidence;
  const ledger = buildLedger(config, { db, keyPair: keys.ledger, outbound, telemetry });
  closers.add(ledger.stop);
  const journal = overrides.journal ?? ledger.journal;
  const promptModels = await openPromptModels(db, telemetry, closers);
  const registers = await openRegisters(config, { db, journal, evidence, telemetry, closers });
  const building = { checks: overrides.checks, outbound, telemetry, closers, promptModels, registers };
  const checks = await openChecks(config, { ...ground, evidence }, building);
  const { policy, runner, moderateTexts } = checks;
  const models = buildModels(config, { pool, outbound, isBlack: checks.isBlack });
  const store = createGenerationStore(db);
  const marks = buildMarks(config, { pool, db, keys: keys.marks, store });
  const looking = { db, pool, keys: keys.marks, inspector: checks.inspector, provenance, policy, recognizeMark: marks.recognizeMark };
  const { recovery, verification } = buildRecovery(looking);
  const pipeline = { ground: { ...ground, evidence }, checks, models, journal, store, marks };
  const { toolbox, conductor } = await openPipeline(config, pipeline, { telemetry, closers });

  let baseUrl = values.publicUrl ?? `http://${values.host}:${values.port}`;
  const parts: HttpParts = {
    config,
    db,
    findKey: createKeyLookup(db),
    ingest: { modelNames: namesOf(models, values.aliases), maxPromptChars: values.maxPromptChars },
    conductor,
    store,
    evidence,
    journal,
    checks: runner,
    moderateTexts,
    policy,
    coverage: checks.coverage,
    ...registers,
    looker: checks.looker,
    appeal: appealText(policy.document.appeal),
    learning: buildLearning({ models: promptModels, policy, checks: runner, db, evidence, journal, telemetry }),
    ...verification,
    provenance,
    recovery,
    baseUrl: () => baseUrl,
    outbound,
    ledger: ledger.reader,
    ledgerKey: keys.ledger.verifierKey,
    get trustAnchorsPem() {
      return signing.ring.trustAnchorsPem();
    },
    review: reviewParts(toolbox, { db, store, conductor }),
    links: createSignedLinks({ secret: keys.links, baseUrl: () => baseUrl }),
    telemetry,
    isReady: async () => (await db.query({ text: 'select 1' })).rowCount === 1,
  };
  const setBaseUrl = (url: string) => {
    baseUrl = values.publicUrl ?? url;
  };
  return { parts, setBaseUrl, warmUp: checks.warmUp, reloadSigning: signing.reload, close: closers.closeAll };
}

interface PipelineBuild {
  readonly ground: Ground;
  readonly checks: Awaited<ReturnType<typeof openChecks>>;
  readonly models: Toolbox['models'];
  readonly journal: Journal;
  readonly store: GenerationStore;
  readonly marks: ReturnType<typeof buildMarks>;
}

/** What stages take, and what runs them. */
async function openPipeline(
  { values }: Config,
  { ground, checks, models, journal, store, marks }: PipelineBuild,
  { telemetry, closers }: BuildParts,
) {
  const { db, evidence, keys, provenance } = ground;
  const instanceId = newInstanceId();
  const toolbox: Toolbox = {
    checks: checks.runner,
    policy: checks.policy,
    journal,
    evidence,
    instanceId,
    readership: values.readership,
    models,
    toRaster: checks.toRaster,
    modelTimeoutMs: values.modelTimeoutMs,
    finish: marks.finish,
    findParents: marks.findParents,
    writeMetadata: createMetadataWriter(values.metadata),
    fingerprint: createFingerprint(checks.inspector),
    provenance,
    promptKey: keys.prompt,
    conversationMemory: checks.conversationMemory,
  };
  const replay = createReplay({ store, evidence, takedownOf: (id) => takedownOf(db, id), patienceMs: values.modelTimeoutMs });
  const conductor = createConductor({ toolbox, store, journal, replay, onError: telemetry.stageFailed });
  const onError = (error: unknown) => telemetry.stageFailed(error, 'heartbeat');
  closers.add((await startInstance(instanceId, { db, journal, isRunningHere: conductor.isRunning, onError })).stop);
  closers.add(() => conductor.drain(10_000));
  return { toolbox, conductor };
}

/** What a person's decision stands on. */
function reviewParts(toolbox: Toolbox, { db, store, conductor }: Pick<HttpParts, 'db' | 'store' | 'conductor'>): HttpParts['review'] {
  const { journal, policy, instanceId, readership, evidence, toRaster } = toolbox;
  return {
    review: { db, journal, policy, instanceId, ...(readership === undefined ? {} : { readership }) },
    reopen: { store, evidence, toRaster, promptFindings: (id) => promptFindings(db, id) },
    publish: toolbox,
    conductor,
  };
}

function namesOf(models: ReadonlyMap<string, ImageModel>, aliases: Readonly<Record<string, string>>): ModelNames {
  const operations = Object.fromEntries([...models].map(([name, model]) => [name, model.operations]));
  return { configured: [...models.keys()], aliases, operations };
}

function appealText({ url, contact }: { readonly url?: string; readonly contact?: string }): string {
  if (url !== undefined) return `object at ${url}`;
  return contact ?? 'write to the operator of this service';
}
