import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import { evaluateNames } from '../../prompts/gazetteers/evaluate-names.ts';
import type { Gazetteer } from '../../prompts/gazetteers/gazetteer.ts';
import { GAZETTEER_CATEGORIES } from '../../prompts/gazetteers/judge-mentions.ts';
import type { PromptJudge } from '../../prompts/prompt-judge.ts';
import { readPrompt } from '../../prompts/reading/read-prompt.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** What this check takes of `CheckParts`. */
interface GazetteerParts {
  readonly gazetteer: Gazetteer;
  /** The word rules, whose reading of the prompt is shared. */
  readonly promptJudge: Pick<PromptJudge, 'book'>;
}

/** Finds names in the prompt: public figures, living artists, characters and brands, political events and claims. */
export function createPromptGazetteers({ gazetteer, promptJudge }: GazetteerParts, options?: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'prompt-gazetteers',
    version: `1+${gazetteer.version}`,
    looksAt: ['prompt'],
    categories: GAZETTEER_CATEGORIES,
    deadlineMs,
    isImmediate: true,
    detect: ({ prompt }) => ({ kind: 'signals', signals: evaluateNames(gazetteer, readPrompt(prompt, promptJudge.book)) }),
  };
}
