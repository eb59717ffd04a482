import type { Check } from '../contracts/check.ts';
import type { Finding, SubjectRef } from '../contracts/finding.ts';
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
  return [...new Set(expected)].flatMap((id) => {
    const check = checks.find((candidate) => candidate.id === id);
    const seen = check === undefined ? subjects : subjects.filter((subject) => check.looksAt.includes(subject.kind));
    return seen.map((subject) => ({ check: id, subject }));
  });
}

/** A failed finding (`missing`) for everything that is owed and not among `findings`. */
export function missingFindings({ findings, ...expectation }: Expectation & { readonly findings: readonly Finding[] }): Finding[] {
  const present = new Set(findings.map(findingKey));
  return expectedFindings(expectation)
    .filter((owed) => !present.has(findingKey(owed)))
    .map((owed) => ({ ...owed, kind: 'failed', cause: 'missing', detail: 'no such check in the registry', durationMs: 0 }));
}

/** Identity of a finding: which check, about which subject. */
export function findingKey({ check, subject }: ExpectedFinding): string {
  return subject.kind === 'prompt' ? `${check} prompt` : `${check} ${subject.kind} ${subject.index}`;
}
