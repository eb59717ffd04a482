import type { Check } from '../contracts/check.ts';
import type { Finding } from '../contracts/finding.ts';
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
  /** Checks on trial: they look at the same, and what they say stands apart. */
  readonly shadows?: readonly Check[];
  readonly onShadows?: (seen: Shadowed) => void;
}

/** What checks on trial said, beside what those said that decide. */
export interface Shadowed {
  readonly surface: string;
  readonly findings: readonly Finding[];
  readonly shadows: readonly Finding[];
}

/** The runner that the stages get: `runChecks` with policy's expectations bound to it. */
export function createCheckRunner({
  checks,
  expected,
  deadlineMsOf = () => undefined,
  onFailure = () => undefined,
  shadows: onTrial = [],
  onShadows = () => undefined,
}: RunnerOptions): CheckRunner {
  let known: Readonly<Record<string, string>> = {};
  /** The same object until something is promoted: thousands of texts a second ask. */
  const versionsNow = () => {
    if (checks.some(({ id, version }) => known[id] !== version)) known = Object.fromEntries(checks.map(({ id, version }) => [id, version]));
    return known;
  };
  return {
    checks,
    async run(inputs) {
      const subjects = inputs.map((input) => input.subject);
      // Read before anything looks: whatever is promoted meanwhile did not look at these.
      const versions = versionsNow();
      const timeFor = (check: Check) => deadlineMsOf(check) ?? check.deadlineMs;
      const looking = runChecks({ checks, inputs, expected, deadlineMsOf: timeFor });
      const shadowing = onTrial.length === 0 ? undefined : runChecks({ checks: onTrial, inputs, deadlineMsOf: timeFor });
      const findings = await looking;
      for (const finding of findings) if (finding.kind === 'failed') onFailure(finding.check, finding.cause);
      const judged = { findings, expected: expectedFindings({ expected, checks, subjects }), versions };
      const shadows = await shadowing;
      if (shadows === undefined || shadows.length === 0) return judged;
      onShadows({ surface: inputs[0]?.surface ?? '', findings, shadows });
      return { ...judged, shadows };
    },
  };
}
