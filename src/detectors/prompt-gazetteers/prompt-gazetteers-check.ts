import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import { evaluateNames } from '../../prompts/gazetteers/evaluate-names.ts';
import type { Gazetteer } from '../../prompts/gazetteers/gazetteer.ts';
import { GAZETTEER_CATEGORIES } from '../../prompts/gazetteers/judge-mentions.ts';
import type { PromptJudge } from '../../prompts/prompt-judge.ts';
import { readPrompt } from '../../prompts/reading/read-prompt.ts';
import type { OptOutNames } from '../../registries/opt-outs/opt-out-names.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(1_000) });

/** What this check takes of `CheckParts`. */
interface GazetteerParts {
  readonly gazetteer: Gazetteer;
  readonly optOuts: OptOutNames;
  /** The word rules, whose reading of the prompt is shared. */
  readonly promptJudge: Pick<PromptJudge, 'book'>;
}

/** Finds names in the prompt: public figures, living artists, characters and brands, political events and claims, and who opted out. */
export function createPromptGazetteers({ gazetteer, optOuts, promptJudge }: GazetteerParts, options?: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'prompt-gazetteers',
    // Who opted out changes while the gateway runs.
    get version() {
      return `1+${gazetteer.version}${optOuts.version === '' ? '' : `+${optOuts.version}`}`;
    },
    looksAt: ['prompt'],
    categories: GAZETTEER_CATEGORIES,
    deadlineMs,
    isImmediate: true,
    detect({ prompt }) {
      const reading = readPrompt(prompt, promptJudge.book);
      return { kind: 'signals', signals: [...evaluateNames(gazetteer, reading), ...optOuts.judge(reading)] };
    },
  };
}
