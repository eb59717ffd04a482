import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import { evaluatePrompt } from '../../prompts/evaluate-prompt.ts';
import type { CheckParts } from '../check-parts.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** The word rules on what the user wrote. They find what is said plainly; they are never the only gate. */
export function createPromptRulesCheck({ promptRules }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'prompt-rules',
    version: `1+${promptRules.version}`,
    looksAt: ['prompt'],
    categories: promptRules.categories,
    deadlineMs,
    detect: async ({ prompt }) => ({ kind: 'signals', signals: evaluatePrompt(promptRules, prompt) }),
  };
}
