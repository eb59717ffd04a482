import { createSignedLinks } from './access/signed-links.ts';
import { appealPlaces } from './compose/appeal-places.ts';
import { buildLearning } from './compose/build-learning.ts';
import { buildMarks } from './compose/build-marks.ts';
import { buildModels } from './compose/build-models.ts';
import { buildRecovery } from './compose/build-recovery.ts';
import { type Closers, createClosers } from './compose/closers.ts';
import { letHeapGrow } from './compose/heap-growth.ts';
import { openAccess } from './compose/open-access.ts';
import { openAnnouncements } from './compose/open-announcements.ts';
import { inTurn, openBehavior } from './compose/open-behavior.ts';
import type { openChecks } from './compose/open-checks.ts';
import { openControls, type PipelineControls } from './compose/open-controls.ts';
import { openFoundation } from './compose/open-foundation.ts';
import type { Ground } from './compose/open-ground.ts';
import { openJobs } from './compose/open-jobs.ts';
import { openOperations } from './compose/open-operations.ts';
import { openReviewing } from './compose/open-reviewing.ts';
import { openVoices } from './compose/open-voices.ts';
import { createConductor } from './conductor.ts';
import type { Config } from './config/load-config.ts';
import type { ImageModel } from './contracts/image-model.ts';
import { createFingerprint } from './detectors/pixels/picture-fingerprint.ts';
import type { CheckEntry } from './detectors/registry.ts';
import type { EvidenceStore } from './evidence/evidence-store.ts';
import { createSlowLane } from './generate/slow-lane.ts';
import { createGenerationStore, type GenerationStore } from './generations/generation-store.ts';
import { startInstance } from './generations/instance.ts';
import { createReplay } from './generations/replay.ts';
import type { HttpParts } from './http/parts.ts';
import type { ModelNames } from './ingest/model-names.ts';
import type { Journal } from './ledger/journal.ts';
import type { Toolbox } from './pipeline.ts';
import { createMetadataWriter } from './provenance/metadata/metadata-writer.ts';
import { takedownOf } from './registries/takedowns/takedown-store.ts';
import { createPromptDigest } from './review/case-digests.ts';
import { createQueueForecasts } from './review/clocks/forecast-queues.ts';
import { reviewRules } from './review/configured-rules.ts';
import { approvalEffect } from './settle/settle-approval.ts';
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
  const foundation = await openFoundation(config, overrides, { telemetry, closers });
  const { outbound, ground, evidence, clocks, ledger, journal, promptModels, registers, checks, policies } = foundation;
  const { db, keys, pool, provenance, signing } = ground;
  const { policy, runner, moderateTexts } = checks;
  const models = buildModels(config, { pool, outbound, isBlack: checks.isBlack });
  const store = createGenerationStore(db);
  const announcements = await openAnnouncements(config, { db, journal, evidence, closers });
  const { raiseAlert } = announcements;
  const controls = await openControls(config, { db, journal, policy, models, key: keys.prompt, raiseAlert, telemetry, closers });
  const marks = buildMarks(config, { pool, db, keys: keys.marks, store });
  const { recovery, verification } = buildRecovery({ ...ground, ...checks, keys: keys.marks, recognizeMark: marks.recognizeMark });
  const pipeline = { ground: { ...ground, evidence }, checks, models, journal, store, marks, controls };
  const { toolbox, conductor } = await openPipeline(config, pipeline, { telemetry, closers });

  let baseUrl = values.publicUrl ?? `http://${values.host}:${values.port}`;
  const link = { secret: keys.links, baseUrl: () => baseUrl };
  const telling = { ...verification, ...registers, ...announcements, ...link };
  const { voices, effects } = openVoices(toolbox, { db, store, conductor, recovery, ...telling });
  const approval = approvalEffect({ db, journal, gates: controls.gates, refresh: policies.refresh });
  const parts: HttpParts = {
    config,
    db,
    ...openAccess(config, { db, journal, outbound, evidence, door: controls.door, telemetry, closers }),
    ingest: { modelNames: namesOf(models, values.aliases), maxPromptChars: values.maxPromptChars },
    conductor,
    controls,
    store,
    evidence,
    journal,
    checks: runner,
    ...{ moderateTexts, policy, policies, coverage: checks.coverage },
    ...registers,
    looker: checks.looker,
    appeal: appealPlaces(policy, voices.appealLinks),
    learning: buildLearning({ models: promptModels, policy, checks: runner, db, evidence, journal, telemetry }),
    ...verification,
    provenance,
    recovery,
    baseUrl: () => baseUrl,
    outbound,
    announcements,
    forecastQueues: createQueueForecasts(db),
    ledger: ledger.reader,
    ledgerKey: keys.ledger.verifierKey,
    get trustAnchorsPem() {
      return signing.ring.trustAnchorsPem();
    },
    ...openReviewing(config, toolbox, {
      ...{ db, store, conductor, telemetry, pool, closers },
      ...{ ...clocks, effects: { ...effects, approval }, key: keys.prompt, marks: keys.marks },
    }),
    voices,
    links: createSignedLinks(link),
    telemetry,
    isReady: async () => controls.isCurrent() && (await db.query({ text: 'select 1' })).rowCount === 1,
  };
  await openJobs({ ...parts, announcements, closers });
  openOperations({ db, ...announcements, telemetry, closers });
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
  readonly controls: PipelineControls;
  readonly marks: ReturnType<typeof buildMarks>;
}

/** What stages take, and what runs them. */
async function openPipeline(
  { values }: Config,
  { ground, checks, models, journal, store, marks, controls }: PipelineBuild,
  { telemetry, closers }: BuildParts,
) {
  const { db, evidence, keys, provenance } = ground;
  const { capabilities, canary, instanceId, care, standing, userDigest } = controls;
  const { limits } = controls.limits;
  const { queues } = reviewRules(values.review, values.surfaces);
  const behavior = await openBehavior({ db, journal, queues, promptKey: keys.prompt, telemetry, closers });
  const slowLane = createSlowLane({ most: 256 });
  const toolbox: Toolbox = {
    behavior,
    ...{ capabilities, limits },
    ...care,
    checks: checks.runner,
    policy: checks.policy,
    journal,
    evidence,
    instanceId,
    readership: values.readership,
    models,
    slowLane,
    toRaster: checks.toRaster,
    modelTimeoutMs: values.modelTimeoutMs,
    finish: marks.finish,
    findParents: marks.findParents,
    writeMetadata: createMetadataWriter(values.metadata),
    fingerprint: createFingerprint(checks.inspector),
    provenance,
    promptKey: keys.prompt,
    promptDigest: createPromptDigest(keys.prompt),
    ...{ standing, userDigest },
    queues,
    conversationMemory: checks.conversationMemory,
  };
  const replay = createReplay({ store, evidence, takedownOf: (id) => takedownOf(db, id), patienceMs: values.modelTimeoutMs });
  const conductor = createConductor({
    toolbox,
    store,
    journal,
    replay,
    pinned: checks.pinned,
    onEnd: inTurn(inTurn(canary.ended, limits.settle), behavior.conclude),
    onNothing: (submission) => limits.settle(submission, null),
    onError: telemetry.stageFailed,
  });
  const onError = (error: unknown) => telemetry.stageFailed(error, 'heartbeat');
  closers.add((await startInstance(instanceId, { db, journal, isRunningHere: conductor.isRunning, onError })).stop);
  closers.add(() => conductor.drain(10_000));
  closers.add(async () => slowLane.close());
  return { toolbox, conductor };
}

function namesOf(models: ReadonlyMap<string, ImageModel>, aliases: Readonly<Record<string, string>>): ModelNames {
  const operations = Object.fromEntries([...models].map(([name, model]) => [name, model.operations]));
  return { configured: [...models.keys()], aliases, operations };
}
