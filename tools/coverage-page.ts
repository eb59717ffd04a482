import { withLocalChecks } from '../src/compose/local-checks.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { policyPath } from '../src/packs.ts';
import { coverageOf } from '../src/policy/coverage.ts';
import { coverageMarkdown } from '../src/policy/coverage-page.ts';
import { loadPolicyFile } from '../src/policy/load-policy.ts';

/** `docs/detectors/coverage.md`: the shipped checks under the standard pack. */
export function coveragePage(): Promise<string> {
  return withLocalChecks(loadConfig({ env: {} }), async (checks) => {
    const policy = await loadPolicyFile(policyPath('standard'), { checks });
    const rows = coverageOf({ policy, checks, waivers: [], now: new Date() });
    return coverageMarkdown(rows, `\`${policy.ref.name}\` ${policy.ref.version}`);
  });
}
