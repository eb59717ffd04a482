import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** The word rules on what the user wrote. They find what is said plainly; they are never the only gate. */
export function createPromptRulesCheck({ promptJudge }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'prompt-rules',
    version: `1+${promptJudge.version}`,
    looksAt: ['prompt'],
    categories: promptJudge.categories,
    deadlineMs,
    detect: async ({ prompt }) => ({ kind: 'signals', signals: promptJudge.judge(prompt) }),
  };
}
