import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { createCheckRunner } from '../detectors/create-check-runner.ts';
import { createImageInspector } from '../detectors/inspect-image.ts';
import { createIsBlack } from '../detectors/pixels/is-black.ts';
import { createRasterizer } from '../detectors/pixels/rasterize.ts';
import { CHECKS, type CheckEntry } from '../detectors/registry.ts';
import { PROMPT_RULES_PATH, policyPath } from '../packs.ts';
import { loadPolicyFile } from '../policy/load-policy.ts';
import { createPromptJudge } from '../prompts/prompt-judge.ts';
import { loadPromptRules } from '../prompts/rules/load-prompt-rules.ts';
import { createHashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { loadHashList } from '../registries/hash-lists/load-hash-list.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

/** Every check of the registry, with the rules and lists that the configuration names. Starts no process by itself. */
export async function availableChecks({ values }: Config, pool: WorkerPool, checks: readonly CheckEntry[] = CHECKS) {
  const inspector = createImageInspector({ pool });
  const rulePaths = [PROMPT_RULES_PATH, ...(values.promptRules === undefined ? [] : [values.promptRules])];
  const [rules, lists] = await Promise.all([
    Promise.all(rulePaths.map(loadPromptRules)),
    Promise.all(
      values.hashLists.map(({ name, path, onBadRow }) => loadHashList({ name, path, onBadRow: onBadRow === 'skip' ? 'skip' : 'reject' })),
    ),
  ]).catch((cause: unknown) => {
    throw new ImprimaturError('CONFIG_INVALID', {
      detail: cause instanceof Error ? cause.message : 'a rule file or a hash list cannot be read',
      cause,
    });
  });
  const parts = { inspector, promptJudge: createPromptJudge(rules), hashLists: createHashRegistry(lists) };
  return { available: checks.map(({ create }) => create(parts)), inspector };
}

interface BuildChecksParts {
  readonly pool: WorkerPool;
  readonly telemetry: Telemetry;
  /** The registry of checks, unless a test plants its own. */
  readonly checks: readonly CheckEntry[] | undefined;
}

/** The policy in force and the checks that it relies on, and the pixel work that models need. */
export async function buildChecks(config: Config, { pool, telemetry, checks }: BuildChecksParts) {
  const { available, inspector } = await availableChecks(config, pool, checks);
  const policy = await loadPolicyFile(policyPath(config.values.policy), { checks: available, surfaces: config.values.surfaces });
  const deadlines = new Map(policy.checks.map(({ id, deadlineMs }) => [id, deadlineMs]));
  const runner = createCheckRunner({
    checks: available.filter(({ id }) => deadlines.has(id)),
    expected: [...deadlines.keys()],
    deadlineMsOf: ({ id }) => deadlines.get(id),
    onFailure: telemetry.checkFailed,
  });
  return { policy, runner, toRaster: createRasterizer({ pool }), isBlack: createIsBlack(inspector) };
}
