import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { CheckParts } from '../check-parts.ts';
import type { FileProblem } from '../containers/container-report.ts';
import { coverageLines } from '../coverage-lines.ts';
import { credentialSignals } from './credential-signals.ts';
import { promptsIn } from './metadata-prompts.ts';

const optionsSchema = z.strictObject({
  deadlineMs: z.int().positive().max(120_000).default(10_000),
});

/** Words in the metadata say nothing of what is shown. */
const COVERAGE = coverageLines('unsafe_file', ['input_image', 'artifact'], {
  measured: 'unmeasured',
  note: 'held by tests on made hostile files, which are no sample of real ones',
});

/**
 * Is this file what it claims to be, and safe to open? Structure first, pixels in the pool. Every problem is a signal
 * `unsafe_file` of score 1; the reason starts with `malformed:` when the file is broken or of a kind that we cannot
 * look into, with `hostile:` when it is made to attack, and with `credential:` (score 0.15) when its content credential does not fit it. Text in the metadata is judged by the prompt rules, with
 * reasons that start with `metadata:`.
 */
export function createFileSanity({ inspector, promptJudge, readCredential }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'file-sanity',
    version: `2+${promptJudge.version}`,
    looksAt: ['input_image', 'artifact'],
    categories: [...new Set(['unsafe_file' as const, ...promptJudge.categories])],
    coverage: COVERAGE,
    deadlineMs,
    async detect(input, signal) {
      const { image } = input;
      if (image === undefined) throw new TypeError('file-sanity needs an image');
      const inspection = await inspector.inspect(image, signal);
      const problems = inspection.kind === 'refused' ? inspection.problems.map(toSignal) : [];
      const found = promptsIn(inspection.texts).flatMap((text) => promptJudge.judge(text, input));
      // A file that we refuse is not taken further apart.
      const credential = inspection.kind === 'refused' ? [] : await credentialSignals(image, readCredential);
      return { kind: 'signals', signals: [...problems, ...credential, ...strongestPerReason(found)] };
    },
  };
}

function toSignal({ severity, code }: FileProblem): Signal {
  return { category: 'unsafe_file', score: 1, reason: `${severity}:${code}` };
}

/** True for the signal of a file that is broken rather than hostile: the caller may be told that it could not be read. */
export function isMalformedFile({ category, reason }: Signal): boolean {
  return category === 'unsafe_file' && reason.startsWith('malformed:');
}

/** The spans point into the metadata, not into the prompt, so they are left out. */
function strongestPerReason(signals: readonly Signal[]): Signal[] {
  const byReason = new Map<string, Signal>();
  for (const { category, score, reason } of signals) {
    const earlier = byReason.get(reason);
    if (earlier === undefined || earlier.score < score) byReason.set(reason, { category, score, reason: `metadata:${reason}` });
  }
  return [...byReason.values()];
}
