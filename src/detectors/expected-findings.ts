import type { Check } from '../contracts/check.ts';
import { type Finding, isSameSubject, type SubjectRef } from '../contracts/finding.ts';
import type { ExpectedFinding } from '../contracts/stages.ts';

interface Expectation {
  /** Ids of the checks that policy counts on. */
  readonly expected: readonly string[];
  readonly checks: readonly Check[];
  readonly subjects: readonly SubjectRef[];
}

/**
 * Which findings a stage owes to policy: each expected check on each subject that it looks at. Nobody knows what a
 * check looks at that is not there, so it is owed for every subject: a misspelled id closes the gate, it does not open it.
 */
export function expectedFindings({ expected, checks, subjects }: Expectation): ExpectedFinding[] {
  const owed: ExpectedFinding[] = [];
  for (const id of new Set(expected)) {
    const looksAt = checks.find((candidate) => candidate.id === id)?.looksAt;
    for (const subject of subjects) if (looksAt === undefined || looksAt.includes(subject.kind)) owed.push({ check: id, subject });
  }
  return owed;
}

/** A failed finding (`missing`) for everything that is owed and not among `findings`. */
export function missingFindings({ findings, ...expectation }: Expectation & { readonly findings: readonly Finding[] }): Finding[] {
  return expectedFindings(expectation)
    .filter((owed) => !findings.some((finding) => isAbout(finding, owed)))
    .map((owed) => ({ ...owed, kind: 'failed', cause: 'missing', detail: 'no such check in the registry', durationMs: 0 }));
}

/** True when both are the same check's about the same subject. A request has a handful of each. */
function isAbout(finding: ExpectedFinding, owed: ExpectedFinding): boolean {
  return finding.check === owed.check && isSameSubject(finding.subject, owed.subject);
}
