import { createHash } from 'node:crypto';
import type { Category } from '../contracts/category.ts';
import type { Signal } from '../contracts/finding.ts';
import { evaluatePrompt } from './rules/evaluate-prompt.ts';
import type { PromptRules } from './rules/prompt-rules.ts';

/** All word rules of the gateway together: those that ship, and the operator's own beside them. */
export interface PromptJudge {
  /** Changes with every rule file. */
  readonly version: string;
  readonly categories: readonly Category[];
  /** One signal for each rule that fires; see `evaluatePrompt`. */
  judge(text: string): Signal[];
}

/** Every set judges on its own, so an operator's exceptions cannot switch off a rule that ships. */
export function createPromptJudge(sets: readonly PromptRules[]): PromptJudge {
  const versions = sets.map(({ version }) => version);
  const [only] = versions;
  return {
    version:
      only !== undefined && versions.length === 1 ? only : createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 16),
    categories: [...new Set(sets.flatMap(({ categories }) => categories))],
    judge: (text) => sets.flatMap((rules) => evaluatePrompt(rules, text)),
  };
}
