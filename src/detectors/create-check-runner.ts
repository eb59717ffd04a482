import type { Check } from '../contracts/check.ts';
import type { CheckRunner } from './check-runner.ts';
import { expectedFindings } from './expected-findings.ts';
import { runChecks } from './run-checks.ts';

interface RunnerOptions {
  readonly checks: readonly Check[];
  /** Ids of the checks that policy counts on, whether they exist or not. */
  readonly expected: readonly string[];
  /** Milliseconds that policy gives a check; `undefined` leaves it at the check's own deadline. */
  readonly deadlineMsOf?: (check: Check) => number | undefined;
  /** Told of every check that could not tell. */
  readonly onFailure?: (check: string, cause: string) => void;
}

/** The runner that the stages get: `runChecks` with policy's expectations bound to it. */
export function createCheckRunner({
  checks,
  expected,
  deadlineMsOf = () => undefined,
  onFailure = () => undefined,
}: RunnerOptions): CheckRunner {
  return {
    checks,
    async run(inputs) {
      const subjects = inputs.map((input) => input.subject);
      // Read before anything looks: whatever is promoted meanwhile did not look at these.
      const versions: Record<string, string> = {};
      for (const { id, version } of checks) versions[id] = version;
      const findings = await runChecks({ checks, inputs, expected, deadlineMsOf: (check) => deadlineMsOf(check) ?? check.deadlineMs });
      for (const finding of findings) if (finding.kind === 'failed') onFailure(finding.check, finding.cause);
      return { findings, expected: expectedFindings({ expected, checks, subjects }), versions };
    },
  };
}
