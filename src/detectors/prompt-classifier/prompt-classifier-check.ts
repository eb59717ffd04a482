import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import { classifyPrompt } from '../../prompts/classifier/judge-prompt.ts';
import type { PromptClassifier } from '../../prompts/classifier/prompt-classifier.ts';
import type { PromptJudge } from '../../prompts/prompt-judge.ts';
import { readPrompt } from '../../prompts/reading/read-prompt.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** What this check is built from. */
interface ClassifierParts {
  readonly promptClassifier: PromptClassifier;
  /** The word rules, whose reading of the prompt is shared. */
  readonly promptJudge: Pick<PromptJudge, 'book'>;
}

/** The trained classifier on what the user wrote. It finds what no list of words has; it knows topics, not intent. */
export function createPromptClassifierCheck({ promptClassifier, promptJudge }: ClassifierParts, options?: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'prompt-classifier',
    // A promotion changes it while the gateway runs.
    get version() {
      return `1+${promptClassifier.version}`;
    },
    looksAt: ['prompt'],
    categories: promptClassifier.categories,
    deadlineMs,
    isImmediate: true,
    detect: ({ prompt }) => ({ kind: 'signals', signals: classifyPrompt(promptClassifier, readPrompt(prompt, promptJudge.book)) }),
  };
}
