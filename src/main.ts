import { createKeyLookup } from './access/key-store.ts';
import { createSignedLinks } from './access/signed-links.ts';
import { buildChecks, checkSettings } from './compose/build-checks.ts';
import { buildConversation } from './compose/build-conversation.ts';
import { buildLearning, openPromptModels, type PromptModels } from './compose/build-learning.ts';
import { buildLedger } from './compose/build-ledger.ts';
import { buildMarks } from './compose/build-marks.ts';
import { buildModels } from './compose/build-models.ts';
import { buildModeration, helpersFor } from './compose/build-moderation.ts';
import { buildRecovery } from './compose/build-recovery.ts';
import { type Closers, createClosers } from './compose/closers.ts';
import { type Ground, openGround } from './compose/open-ground.ts';
import { createConductor } from './conductor.ts';
import type { Config } from './config/load-config.ts';
import type { ImageModel } from './contracts/image-model.ts';
import { createFingerprint } from './detectors/pixels/picture-fingerprint.ts';
import type { CheckEntry } from './detectors/registry.ts';
import type { EvidenceStore } from './evidence/evidence-store.ts';
import { createGenerationStore, type GenerationStore } from './generations/generation-store.ts';
import { newInstanceId, startInstance } from './generations/instance.ts';
import { createReplay } from './generations/replay.ts';
import type { HttpParts } from './http/parts.ts';
import type { ModelNames } from './ingest/model-names.ts';
import type { Journal } from './ledger/journal.ts';
import { createOutbound } from './outbound/outbound.ts';
import type { Outbound } from './outbound/outcome.ts';
import type { Toolbox } from './pipeline.ts';
import { UNKEPT_MEMORY } from './prompts/conversation/absent-memory.ts';
import { CONVERSATION_CHECK } from './prompts/conversation/remember-turn.ts';
import { createForeignReader } from './provenance/foreign/foreign-reader.ts';
import { createMetadataWriter } from './provenance/metadata/metadata-writer.ts';
import { parentsOf } from './registries/marks/mark-records.ts';
import { takedownOf } from './registries/takedowns/takedown-store.ts';
import { createLogger, createTelemetry, type Telemetry } from './telemetry/telemetry.ts';

/** A gateway with every part built and running, and no door open yet. */
export interface Gateway {
  readonly parts: HttpParts;
  /** Where callers reach it, for links; set once a door listens. */
  setBaseUrl(url: string): void;
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
  const promptModels = await openPromptModels(db, telemetry, closers);
  const checks = await openChecks(config, { ...ground, evidence }, { overrides, outbound, telemetry, closers, promptModels });
  const { policy, runner, toRaster, moderateTexts } = checks;
  const models = buildModels(config, { pool, outbound, isBlack: checks.isBlack });
  const ledger = buildLedger(config, { db, keyPair: keys.ledger, outbound, telemetry });
  closers.add(ledger.stop);
  const journal = overrides.journal ?? ledger.journal;
  const store = createGenerationStore(db);
  const marks = buildMarks(config, { pool, db, keys: keys.marks, store });
  const { recognizeMark } = marks;
  const { recovery, findCandidates } = buildRecovery({ db, inspector: checks.inspector, provenance, policy, recognizeMark });
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
    appeal: appealText(policy.document.appeal),
    learning: buildLearning({ models: promptModels, policy, checks: runner, db, evidence, journal, telemetry }),
    provenance,
    readForeign: createForeignReader(pool),
    findCandidates,
    recovery,
    baseUrl: () => baseUrl,
    recognizeMark,
    takedownOf: (artifactId) => takedownOf(db, artifactId),
    parentsOf: (artifactId) => parentsOf(db, artifactId),
    outbound,
    ledger: ledger.reader,
    ledgerKey: keys.ledger.verifierKey,
    get trustAnchorsPem() {
      return signing.ring.trustAnchorsPem();
    },
    review: {
      review: { db, journal, policy, instanceId: toolbox.instanceId, readership: values.readership },
      reopen: { store, evidence, toRaster },
      publish: toolbox,
      conductor,
    },
    links: createSignedLinks({ secret: keys.links, baseUrl: () => baseUrl }),
    telemetry,
    isReady: async () => (await db.query({ text: 'select 1' })).rowCount === 1,
  };
  const setBaseUrl = (url: string) => {
    baseUrl = values.publicUrl ?? url;
  };
  return { parts, setBaseUrl, reloadSigning: signing.reload, close: closers.closeAll };
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

interface CheckBuild extends BuildParts {
  readonly overrides: Overrides;
  readonly outbound: Outbound;
  readonly promptModels: PromptModels;
}

/** Everything that judges, and what it stands on. */
async function openChecks(config: Config, ground: Ground, { overrides, outbound, telemetry, closers, promptModels }: CheckBuild) {
  const { db, evidence, keys, pool, provenance } = ground;
  const conversationMemory = buildConversation({ db, evidence, promptKey: keys.prompt }, telemetry, closers);
  const built = await buildChecks(config, {
    readCredential: (bytes) => provenance.verify(bytes),
    pool,
    telemetry,
    outbound,
    conversationMemory,
    classifier: promptModels.slot,
    checks: overrides.checks,
  });
  const isLookedAt = built.policy.checks.some(({ id }) => id === CONVERSATION_CHECK);
  const moderateTexts = buildModeration({
    checks: built.runner,
    policy: built.policy,
    settings: checkSettings(config.values),
    // A check that a test planted is not there in another process.
    helpers: overrides.checks === undefined ? helpersFor(config.values.workers) : 0,
    closers,
  });
  return { ...built, moderateTexts, conversationMemory: isLookedAt ? conversationMemory : UNKEPT_MEMORY };
}

function namesOf(models: ReadonlyMap<string, ImageModel>, aliases: Readonly<Record<string, string>>): ModelNames {
  const operations = Object.fromEntries([...models].map(([name, model]) => [name, model.operations]));
  return { configured: [...models.keys()], aliases, operations };
}

function appealText({ url, contact }: { readonly url?: string; readonly contact?: string }): string {
  if (url !== undefined) return `object at ${url}`;
  return contact ?? 'write to the operator of this service';
}
