import { basename } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { createEditComparer } from '../detectors/edit-anomaly/edit-comparer.ts';
import { createImageInspector } from '../detectors/inspect-image.ts';
import { createPictureLooker } from '../detectors/looking/picture-looker.ts';
import { warmUp } from '../detectors/looking/warm-up.ts';
import { checkFiles } from '../detectors/networks/check-networks.ts';
import { checkedPool } from '../detectors/networks/checked-pool.ts';
import { runtimeOf } from '../detectors/networks/runtime-of.ts';
import { oncePerFile } from '../detectors/once-per-file.ts';
import { createOriginReader } from '../detectors/origin/read-origin.ts';
import { createIsBlack } from '../detectors/pixels/is-black.ts';
import { createRasterizer } from '../detectors/pixels/rasterize.ts';
import { CHECKS, type CheckEntry } from '../detectors/registry.ts';
import { createTextReader } from '../detectors/text-in-picture/text-reader.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { policyPath } from '../packs.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { createExceptionBook, createPolicyInForce, type Judging } from '../policy/history/in-force.ts';
import { loadPolicy, readPolicyText } from '../policy/load-policy.ts';
import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import type { ConversationMemory } from '../prompts/conversation/conversation-memory.ts';
import type { Unjudged } from '../prompts/external/external-panel.ts';
import { lastMomentOf } from '../prompts/external/failure-modes.ts';
import type { CredentialReport } from '../provenance/read-credential.ts';
import { createTraceReader } from '../provenance/traces/read-traces.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { NOBODY_OPTED_OUT, type OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import { NOBODY_LISTED, type PeopleLists } from '../registries/people/people-registry.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { buildPromptParts } from './build-prompt-parts.ts';
import { closeLapsed } from './lapsed-waivers.ts';
import { readCoverage, refuseGaps } from './open-coverage.ts';
import { configuredLists } from './open-hash-lists.ts';
import { openPlugins, refuseHalves } from './open-plugins.ts';
import { runnerFor } from './policy-runner.ts';

interface CheckGround {
  /** Reads content credentials; left out, a file that carries one makes its check a failed one. */
  readonly readCredential?: (bytes: Uint8Array) => Promise<CredentialReport>;
  readonly pool: WorkerPool;
  /** Processes for the neural networks; left out, they share the others. */
  readonly detectorPool?: WorkerPool;
  readonly classifier: PromptClassifier;
  readonly conversationMemory: ConversationMemory;
  /** Left out: the lists of the configuration alone. */
  readonly hashLists?: HashRegistry;
  /** Left out: nobody is listed, nobody opted out. */
  readonly people?: PeopleLists;
  readonly optOuts?: OptOutNames;
  /** Where the pictures of a surface are seen; undefined: anywhere. */
  readonly regionsOf?: (surface: string) => readonly string[] | undefined;
  readonly outbound: Outbound;
  readonly onOpen?: (unjudged: Unjudged) => void;
  /** Every surface that there is now; left out, those of the configuration. */
  readonly knownSurfaces?: () => Promise<readonly string[]>;
  /** The registry of checks, unless a test plants its own. */
  readonly checks?: readonly CheckEntry[] | undefined;
}

/** The settings that say how things are judged. */
export interface CheckSettings
  extends Pick<Config['values'], 'policy' | 'promptRules' | 'gazetteers' | 'classifiers' | 'classifierRules' | 'hashLists'> {
  /** Models and services of the operator's own; left out, there are none. */
  readonly detectors?: Config['values']['detectors'];
  /** The surfaces that there are; left out where nobody knows, and then a policy may name any. */
  readonly surfaces?: readonly string[];
}

/** These of all settings; what other processes may know. */
export function checkSettings(values: Config['values']): CheckSettings {
  const { policy, surfaces, promptRules, gazetteers, classifiers, classifierRules } = values;
  const detectors = values.detectors.map(({ apiKey: _key, ...detector }) => detector);
  return { policy, surfaces, promptRules, gazetteers, classifiers, classifierRules, detectors, hashLists: [] };
}

interface CheckConfig {
  readonly values: CheckSettings;
}

/** A command without the credential engine cannot tell, and says so. */
const noReader = () => Promise.reject(new Error('no credential engine'));

/** Every check of the registry, with the rules and lists that the configuration names. Starts no process by itself. */
export async function availableChecks(
  config: CheckConfig,
  {
    pool,
    detectorPool = pool,
    checks = CHECKS,
    conversationMemory,
    readCredential = noReader,
    hashLists,
    people = NOBODY_LISTED,
    optOuts = NOBODY_OPTED_OUT,
    regionsOf = () => undefined,
    onOpen = () => undefined,
    ...ground
  }: CheckGround,
) {
  const inspector = createImageInspector({ pool });
  const looker = createPictureLooker({ pool: detectorPool });
  const networks = { looker, compareEdit: createEditComparer({ pool: detectorPool, looker }) };
  const credentialOf = oncePerFile(readCredential);
  const files = {
    readCredential: credentialOf,
    readOrigin: createOriginReader({ readTraces: createTraceReader({ pool, keys: [], inspector }), readCredential: credentialOf }),
    readDrawnText: createTextReader({ pool: detectorPool }),
  };
  const [{ opens, ...prompts }, lists, plugins] = await Promise.all([
    buildPromptParts(config, { ...ground, optOuts, onOpen }),
    hashLists ?? configuredLists(config.values),
    openPlugins(
      config.values.detectors ?? [],
      { pool, detectorPool, outbound: ground.outbound },
      checks.map(({ id }) => id),
    ),
  ]);
  const parts = { inspector, ...networks, ...files, ...prompts, hashLists: lists, people, regionsOf, optOuts, conversationMemory };
  const available = [...checks.map(({ create }) => create(parts)), ...plugins.checks];
  return { available, inspector, looker: networks.looker, opens, plugins };
}

interface BuildChecksParts extends CheckGround {
  readonly telemetry: Telemetry;
}

/** The policy in force and the checks that it relies on, and the pixel work that models need. */
export async function buildChecks(config: Config, { telemetry, ...ground }: BuildChecksParts) {
  const { pool } = ground;
  const networks = checkedPool(ground.detectorPool ?? pool);
  const { available, inspector, looker, opens, plugins } = await availableChecks(config, {
    ...ground,
    detectorPool: networks.pool,
    onOpen: telemetry.classifierPassed,
  });
  for (const open of opens) telemetry.classifierOpen({ ...open, untilMs: lastMomentOf(open.until) });
  const watchers = { onFailure: telemetry.checkFailed, onShadow: telemetry.shadowCompared };
  const exceptions = createExceptionBook();
  const unaltered = oncePerSet(checkFiles);
  const { knownSurfaces = async () => config.values.surfaces } = ground;
  /** A policy with everything that has to be in order before it may judge. */
  async function prepare(text: string, source = 'policy'): Promise<Judging> {
    const surfaces = await knownSurfaces();
    const policy = loadPolicy(text, {
      checks: available,
      source,
      ...(surfaces === undefined ? {} : { surfaces }),
      exceptions: exceptions.current,
    });
    refuseHalves(plugins.pairs, policy.document);
    const coverage = await readCoverage(config, { policy, available });
    refuseGaps(coverage);
    await Promise.all(filesOf(policy).map(unaltered));
    return { policy, coverage, runner: closeLapsed(runnerFor(policy, available, watchers), coverage, telemetry.checkFailed) };
  }
  const path = policyPath(config.values.policy);
  const text = await readPolicyText(path);
  const [configured] = await Promise.all([prepare(text, basename(path)), plugins.probe()]);
  const inForce = createPolicyInForce({ configured, prepare, exceptions, onError: (error) => telemetry.stageFailed(error, 'policy') });
  return {
    policy: inForce.policy,
    runner: inForce.runner,
    coverage: inForce.coverage,
    inForce,
    configuredText: text,
    warmUp: async () => {
      const asksNetworks = relies(inForce.policy, ({ asksNetworks: does }) => does === true);
      if (asksNetworks) await networks.check();
      await warmUp({ inspector, ...(asksNetworks ? { looker } : {}) });
      if (asksNetworks) tellRuntime(telemetry, await runtimeOf(networks.pool));
    },
    toRaster: createRasterizer({ pool }),
    isBlack: createIsBlack(inspector),
    inspector,
    looker,
  };
}

/** Files are read and hashed for the first policy that needs them: a hundred megabytes take a third of a second. */
function oncePerSet(check: (files: Readonly<Record<string, string>>) => Promise<void>): typeof check {
  const known = new Set<string>();
  return async (files) => {
    const key = JSON.stringify(files);
    if (known.has(key)) return;
    await check(files);
    known.add(key);
  };
}

/** Whether a policy relies on a check, or tries one, of which this holds. */
function relies({ checks, document }: CompiledPolicy, holds: (check: CheckEntry) => boolean): boolean {
  const ids = new Set([...checks, ...(document.shadow ?? [])].map(({ id }) => id));
  return CHECKS.some((check) => ids.has(check.id) && holds(check));
}

/** The files that a policy's checks need, with their hashes. */
function filesOf(policy: CompiledPolicy) {
  return CHECKS.flatMap((check) => (check.files !== undefined && relies(policy, ({ id }) => id === check.id) ? [check.files] : []));
}

/** By WebAssembly a picture takes two and a half to ten times as long. */
function tellRuntime({ log }: Telemetry, runtime: Awaited<ReturnType<typeof runtimeOf>>): void {
  const line = { event: 'networks.runtime', runtime };
  if (runtime === 'native') log.info(line);
  else log.warn({ ...line, hint: 'onnxruntime-node has no binary for this system, or it cannot be loaded' });
}
