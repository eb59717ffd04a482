import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { createCheckRunner } from '../detectors/create-check-runner.ts';
import { createEditComparer } from '../detectors/edit-anomaly/edit-comparer.ts';
import type { ReadCredential } from '../detectors/file-sanity/credential-signals.ts';
import { createImageInspector } from '../detectors/inspect-image.ts';
import { createPictureLooker } from '../detectors/looking/picture-looker.ts';
import { warmUp } from '../detectors/looking/warm-up.ts';
import { checkNetworks } from '../detectors/networks/check-networks.ts';
import { createIsBlack } from '../detectors/pixels/is-black.ts';
import { createRasterizer } from '../detectors/pixels/rasterize.ts';
import { CHECKS, type CheckEntry } from '../detectors/registry.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { policyPath } from '../packs.ts';
import { loadPolicyFile } from '../policy/load-policy.ts';
import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import type { ConversationMemory } from '../prompts/conversation/conversation-memory.ts';
import type { Unjudged } from '../prompts/external/external-panel.ts';
import { lastMomentOf } from '../prompts/external/failure-modes.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { buildPromptParts } from './build-prompt-parts.ts';
import { configuredLists } from './open-hash-lists.ts';

interface CheckGround {
  /** Reads content credentials; left out, a file that carries one makes its check a failed one. */
  readonly readCredential?: ReadCredential;
  readonly pool: WorkerPool;
  /** Processes for the neural networks; left out, they share the others. */
  readonly detectorPool?: WorkerPool;
  readonly classifier: PromptClassifier;
  readonly conversationMemory: ConversationMemory;
  /** Left out: the lists of the configuration alone. */
  readonly hashLists?: HashRegistry;
  readonly outbound: Outbound;
  readonly onOpen?: (unjudged: Unjudged) => void;
  /** The registry of checks, unless a test plants its own. */
  readonly checks?: readonly CheckEntry[] | undefined;
}

/** The settings that say how things are judged. */
export interface CheckSettings
  extends Pick<Config['values'], 'policy' | 'promptRules' | 'gazetteers' | 'classifiers' | 'classifierRules' | 'hashLists'> {
  /** The surfaces that there are; left out where nobody knows, and then a policy may name any. */
  readonly surfaces?: readonly string[];
}

/** These of all settings; what other processes may know. */
export function checkSettings(values: Config['values']): CheckSettings {
  const { policy, surfaces, promptRules, gazetteers, classifiers, classifierRules } = values;
  return { policy, surfaces, promptRules, gazetteers, classifiers, classifierRules, hashLists: [] };
}

interface CheckConfig {
  readonly values: CheckSettings;
}

/** A command without the credential engine cannot tell, and says so. */
const noReader: ReadCredential = () => Promise.reject(new Error('no credential engine'));

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
    onOpen = () => undefined,
    ...ground
  }: CheckGround,
) {
  const inspector = createImageInspector({ pool });
  const networks = { looker: createPictureLooker({ pool: detectorPool }), compareEdit: createEditComparer({ pool: detectorPool }) };
  const [{ opens, ...prompts }, lists] = await Promise.all([
    buildPromptParts(config, { ...ground, onOpen }),
    hashLists ?? configuredLists(config.values),
  ]);
  const parts = { inspector, ...networks, readCredential, ...prompts, hashLists: lists, conversationMemory };
  return { available: checks.map(({ create }) => create(parts)), inspector, looker: networks.looker, opens };
}

interface BuildChecksParts extends CheckGround {
  readonly telemetry: Telemetry;
}

/** The policy in force and the checks that it relies on, and the pixel work that models need. */
export async function buildChecks(config: Config, { telemetry, ...ground }: BuildChecksParts) {
  const { pool } = ground;
  const { available, inspector, looker, opens } = await availableChecks(config, { ...ground, onOpen: telemetry.classifierPassed });
  for (const open of opens) telemetry.classifierOpen({ ...open, untilMs: lastMomentOf(open.until) });
  const inForce = await policyInForce(config, available, telemetry.checkFailed);
  const relies = new Set(inForce.policy.checks.map(({ id }) => id));
  if (CHECKS.some(({ id, asksNetworks }) => asksNetworks === true && relies.has(id))) {
    await checkNetworks();
    void warmUp(looker);
  }
  return {
    ...inForce,
    toRaster: createRasterizer({ pool }),
    isBlack: createIsBlack(inspector),
    inspector,
  };
}

/** The policy that the configuration names, and its checks of those available, each with the deadline that the policy gives it. */
export async function policyInForce(config: CheckConfig, available: readonly Check[], onFailure?: (check: string, cause: string) => void) {
  const { surfaces } = config.values;
  const policy = await loadPolicyFile(policyPath(config.values.policy), {
    checks: available,
    ...(surfaces === undefined ? {} : { surfaces }),
  });
  const deadlines = new Map(policy.checks.map(({ id, deadlineMs }) => [id, deadlineMs]));
  const runner = createCheckRunner({
    checks: available.filter(({ id }) => deadlines.has(id)),
    expected: [...deadlines.keys()],
    deadlineMsOf: ({ id }) => deadlines.get(id),
    ...(onFailure === undefined ? {} : { onFailure }),
  });
  return { policy, runner };
}
