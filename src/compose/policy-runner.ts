import type { Check } from '../contracts/check.ts';
import { createCheckRunner } from '../detectors/create-check-runner.ts';
import { policyPath } from '../packs.ts';
import { type ShadowComparison, shadowComparer } from '../policy/compare-shadows.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { loadPolicyFile } from '../policy/load-policy.ts';

/** The settings that name a policy. */
interface PolicyConfig {
  readonly values: { readonly policy: string; readonly surfaces?: readonly string[] };
}

/** Told of every check that could not tell, and of everything in which a check on trial agrees with the others or not. */
interface Watchers {
  readonly onFailure?: (check: string, cause: string) => void;
  readonly onShadow?: (compared: ShadowComparison) => void;
}

/** The policy that the configuration names, and its checks. */
export async function configuredPolicy(config: PolicyConfig, available: readonly Check[], watchers: Watchers = {}) {
  const { surfaces } = config.values;
  const policy = await loadPolicyFile(policyPath(config.values.policy), {
    checks: available,
    ...(surfaces === undefined ? {} : { surfaces }),
  });
  return { policy, runner: runnerFor(policy, available, watchers) };
}

/** The checks of a policy, of those available, each with the deadline that the policy gives it. */
export function runnerFor(policy: CompiledPolicy, available: readonly Check[], { onFailure, onShadow }: Watchers) {
  const deadlines = new Map(policy.checks.map(({ id, deadlineMs }) => [id, deadlineMs]));
  const onTrial = new Map(policy.document.shadow?.map(({ id, deadlineMs }) => [id, deadlineMs]));
  const compare = shadowComparer(policy.document, available);
  return createCheckRunner({
    checks: available.filter(({ id }) => deadlines.has(id)),
    expected: [...deadlines.keys()],
    deadlineMsOf: ({ id }) => deadlines.get(id) ?? onTrial.get(id),
    shadows: available.filter(({ id }) => onTrial.has(id)),
    ...(onShadow === undefined ? {} : { onShadows: (seen) => compare(seen).forEach(onShadow) }),
    ...(onFailure === undefined ? {} : { onFailure }),
  });
}
