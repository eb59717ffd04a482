import { createHash } from 'node:crypto';
import type { Category } from '../contracts/category.ts';
import type { Signal } from '../contracts/finding.ts';
import { readPrompt } from './reading/read-prompt.ts';
import { standardWordBook, type WordBook } from './reading/word-book.ts';
import { wordBookFor } from './reading/word-book-for.ts';
import { evaluatePrompt } from './rules/evaluate-prompt.ts';
import type { PromptContext } from './rules/facts.ts';
import type { PromptRules } from './rules/prompt-rules.ts';
import { type SecondOpinion, weighRules } from './weigh-rules.ts';

/** All word rules of the gateway together: those that ship, and the operator's own beside them. */
export interface PromptJudge {
  /** Changes with every rule file. */
  readonly version: string;
  readonly categories: readonly Category[];
  /** The words with which the first set reads; whoever reads prompts with it shares the reading. */
  readonly book: WordBook;
  /** One signal for each rule that fires; see `evaluatePrompt`. `context` is what conditions may ask beside the text. */
  judge(text: string, context?: PromptContext): Signal[];
}

/**
 * Every set judges on its own, so an operator's exceptions cannot switch off a rule that ships. With an `opinion`, bare
 * words of the first set, which ships, are weighed by what stands around them (`weighRules`); what operators wrote counts
 * as they wrote it.
 */
export function createPromptJudge(sets: readonly PromptRules[], opinion?: SecondOpinion): PromptJudge {
  const versions = sets.map(({ version }) => version);
  const [only] = versions;
  const [first] = sets;
  const book = first === undefined ? standardWordBook() : wordBookFor(first.vocabulary);
  return {
    version:
      only !== undefined && versions.length === 1 ? only : createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 16),
    book,
    categories: [...new Set(sets.flatMap(({ categories }) => categories))],
    judge: (text, context) =>
      sets.flatMap((rules) => {
        const signals = evaluatePrompt(rules, text, context);
        return opinion === undefined || rules !== first ? signals : weighRules(signals, readPrompt(text, book), opinion);
      }),
  };
}
