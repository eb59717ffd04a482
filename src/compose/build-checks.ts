import type { Config } from '../config/load-config.ts';
import { createCheckRunner } from '../detectors/create-check-runner.ts';
import { createImageInspector } from '../detectors/inspect-image.ts';
import { createIsBlack } from '../detectors/pixels/is-black.ts';
import { createRasterizer } from '../detectors/pixels/rasterize.ts';
import { CHECKS } from '../detectors/registry.ts';
import { PROMPT_RULES_PATH, policyPath } from '../packs.ts';
import { loadPolicyFile } from '../policy/load-policy.ts';
import { loadPromptRules } from '../prompts/load-prompt-rules.ts';
import { createHashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { loadHashList } from '../registries/hash-lists/load-hash-list.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

/** The checks, the policy over them, and the pixel work that models need. */
export async function buildChecks({ values }: Config, pool: WorkerPool, telemetry: Telemetry) {
  const inspector = createImageInspector({ pool });
  const [promptRules, ...lists] = await Promise.all([
    loadPromptRules([PROMPT_RULES_PATH, ...(values.promptRules === undefined ? [] : [values.promptRules])]),
    ...values.hashLists.map(({ name, path, onBadRow }) => loadHashList({ name, path, onBadRow: onBadRow === 'skip' ? 'skip' : 'reject' })),
  ]);
  const hashLists = createHashRegistry(lists);
  const available = CHECKS.map(({ create }) => create({ inspector, promptRules, hashLists }));
  const policy = await loadPolicyFile(policyPath(values.policy), { checks: available });

  const deadlines = new Map(policy.checks.map(({ id, deadlineMs }) => [id, deadlineMs]));
  const runner = createCheckRunner({
    checks: available.filter(({ id }) => deadlines.has(id)),
    expected: [...deadlines.keys()],
    deadlineMsOf: ({ id }) => deadlines.get(id),
    onFailure: telemetry.checkFailed,
  });
  return { policy, runner, toRaster: createRasterizer({ pool }), isBlack: createIsBlack(inspector), hashCounts: hashLists.counts };
}
