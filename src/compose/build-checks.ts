import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { createCheckRunner } from '../detectors/create-check-runner.ts';
import { createImageInspector } from '../detectors/inspect-image.ts';
import { createIsBlack } from '../detectors/pixels/is-black.ts';
import { createRasterizer } from '../detectors/pixels/rasterize.ts';
import { CHECKS, type CheckEntry } from '../detectors/registry.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { policyPath } from '../packs.ts';
import { loadPolicyFile } from '../policy/load-policy.ts';
import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import type { ConversationMemory } from '../prompts/conversation/conversation-memory.ts';
import type { Unjudged } from '../prompts/external/external-panel.ts';
import { createHashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { loadHashList } from '../registries/hash-lists/load-hash-list.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { buildPromptParts } from './build-prompt-parts.ts';

interface CheckGround {
  readonly pool: WorkerPool;
  readonly classifier: PromptClassifier;
  readonly conversationMemory: ConversationMemory;
  readonly outbound: Outbound;
  readonly onOpen?: (unjudged: Unjudged) => void;
  /** The registry of checks, unless a test plants its own. */
  readonly checks?: readonly CheckEntry[] | undefined;
}

/** Every check of the registry, with the rules and lists that the configuration names. Starts no process by itself. */
export async function availableChecks(
  config: Config,
  { pool, checks = CHECKS, conversationMemory, onOpen = () => undefined, ...ground }: CheckGround,
) {
  const inspector = createImageInspector({ pool });
  const [prompts, lists] = await Promise.all([
    buildPromptParts(config, { ...ground, onOpen }),
    Promise.all(
      config.values.hashLists.map(({ name, path, onBadRow }) =>
        loadHashList({ name, path, onBadRow: onBadRow === 'skip' ? 'skip' : 'reject' }),
      ),
    ).catch((cause: unknown) => {
      throw new ImprimaturError('CONFIG_INVALID', { detail: cause instanceof Error ? cause.message : 'a hash list cannot be read', cause });
    }),
  ]);
  const parts = { inspector, ...prompts, hashLists: createHashRegistry(lists), conversationMemory };
  return { available: checks.map(({ create }) => create(parts)), inspector };
}

interface BuildChecksParts extends CheckGround {
  readonly telemetry: Telemetry;
}

/** The policy in force and the checks that it relies on, and the pixel work that models need. */
export async function buildChecks(config: Config, { telemetry, ...ground }: BuildChecksParts) {
  const { pool } = ground;
  const { available, inspector } = await availableChecks(config, {
    ...ground,
    onOpen: ({ classifier, category, cause }) => telemetry.log.warn({ event: 'classifier.open', classifier, category, cause }),
  });
  return {
    ...(await policyInForce(config, available, telemetry.checkFailed)),
    toRaster: createRasterizer({ pool }),
    isBlack: createIsBlack(inspector),
  };
}

/** The policy that the configuration names, and its checks of those available, each with the deadline that the policy gives it. */
export async function policyInForce(config: Config, available: readonly Check[], onFailure?: (check: string, cause: string) => void) {
  const policy = await loadPolicyFile(policyPath(config.values.policy), { checks: available, surfaces: config.values.surfaces });
  const deadlines = new Map(policy.checks.map(({ id, deadlineMs }) => [id, deadlineMs]));
  const runner = createCheckRunner({
    checks: available.filter(({ id }) => deadlines.has(id)),
    expected: [...deadlines.keys()],
    deadlineMsOf: ({ id }) => deadlines.get(id),
    ...(onFailure === undefined ? {} : { onFailure }),
  });
  return { policy, runner };
}
