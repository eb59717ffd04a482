import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** The word rules on what the user wrote, weighed by the classifier (`weighRules`). They are never the only gate. */
export function createPromptRulesCheck({ promptJudge, promptClassifier }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'prompt-rules',
    // The classifier weighs the rules, and a promotion changes it while the gateway runs.
    get version() {
      return `1+${promptJudge.version}+${promptClassifier.version}`;
    },
    looksAt: ['prompt'],
    categories: promptJudge.categories,
    deadlineMs,
    isImmediate: true,
    detect: (input) => ({ kind: 'signals', signals: promptJudge.judge(input.prompt, input) }),
  };
}
