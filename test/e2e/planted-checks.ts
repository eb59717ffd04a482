import type { Check, CheckInput, Detection } from '../../src/contracts/check.ts';
import type { Signal } from '../../src/contracts/finding.ts';
import { CHECKS, type CheckEntry } from '../../src/detectors/registry.ts';

type Answer = (input: CheckInput, signal: AbortSignal) => Promise<Detection>;

export const NOTHING_FOUND: Detection = { kind: 'signals', signals: [] };

/** The signal that the standard policy holds (0.6) or blocks (0.95). */
export const known = (score: number): Signal => ({ category: 'known_bad', score, reason: 'planted:look-alike' });

/** The shipped checks with one of them answering as a test says; everything is clean until it says otherwise. */
export function plantCheck(id = 'known-hashes') {
  let answer: Answer = async () => NOTHING_FOUND;
  const check: Check = {
    id,
    version: '1',
    looksAt: id === 'prompt-rules' ? ['prompt'] : ['input_image', 'artifact'],
    categories: ['known_bad', 'violence_gore', 'sexual', 'sexual_minors', 'real_person_likeness'],
    deadlineMs: 300,
    detect: (input, signal) => answer(input, signal),
  };
  const checks: readonly CheckEntry[] = CHECKS.map((entry) => (entry.id === id ? { id, create: () => check } : entry));
  return {
    checks,
    behave(next: Answer) {
      answer = next;
    },
    /** Says this about every picture that a model makes. */
    findInArtifacts(...signals: readonly Signal[]) {
      answer = async ({ subject }) => (subject.kind === 'artifact' ? { kind: 'signals', signals } : NOTHING_FOUND);
    },
    reset() {
      answer = async () => NOTHING_FOUND;
    },
  };
}
