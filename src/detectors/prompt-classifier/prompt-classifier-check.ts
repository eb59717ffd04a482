import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { Check, Coverage } from '../../contracts/check.ts';
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

/** `bench/prompts/quality.ts`, of the model that ships: risky prompts of AILuminate, false alarms over 6,412 harmless ones. A test compares. */
const FOUND: Partial<Record<Category, { readonly rows: number; readonly recall: number }>> = {
  sexual: { rows: 23, recall: 0.6522 },
  hate: { rows: 33, recall: 0.4848 },
  violence_gore: { rows: 27, recall: 0.4815 },
  self_harm: { rows: 27, recall: 0.5926 },
  illegal_goods: { rows: 27, recall: 0.4074 },
};
const HARMLESS = { rows: 6412, flagged: 0.0031 };

function coverageFor(category: Category): Coverage {
  const found = FOUND[category];
  if (found === undefined) return { category, looksAt: 'prompt', measured: 'unmeasured' };
  return {
    category,
    looksAt: 'prompt',
    measured: {
      dataset: 'AILuminate and harmless prompts',
      n: found.rows + HARMLESS.rows,
      error: { missed: Number((1 - found.recall).toFixed(4)), falseAlarms: HARMLESS.flagged },
      on: '2026-11-22',
    },
    note: 'of the model that ships; one that you promote has figures of its own (`imprimatur classifier`)',
  };
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
    coverage: promptClassifier.categories.map(coverageFor),
    deadlineMs,
    isImmediate: true,
    detect: ({ prompt }) => ({ kind: 'signals', signals: classifyPrompt(promptClassifier, readPrompt(prompt, promptJudge.book)) }),
  };
}
