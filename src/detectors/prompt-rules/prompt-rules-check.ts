import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { Check, Coverage } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** `bench/prompts/quality.ts`: sentences made of templates, in ten languages. A test compares. */
const MINORS: Coverage = {
  category: 'sexual_minors',
  looksAt: 'prompt',
  measured: { dataset: 'templates about minors', n: 606, error: { missed: 0, falseAlarms: 'unmeasured' }, on: '2026-11-21' },
  note: 'plain sentences that were made for this; what is only meant is not found by words',
};

function coverageFor(category: Category): Coverage {
  return category === 'sexual_minors' ? MINORS : { category, looksAt: 'prompt', measured: 'unmeasured' };
}

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
    coverage: promptJudge.categories.map(coverageFor),
    deadlineMs,
    isImmediate: true,
    detect: (input) => ({ kind: 'signals', signals: promptJudge.judge(input.prompt, input) }),
  };
}
