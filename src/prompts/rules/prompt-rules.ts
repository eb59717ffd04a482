import type { Category } from '../../contracts/category.ts';
import type { TermNode } from './term-trie.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One rule, compiled. It fires when a term of `anyOf` is found, or a term of every group of `allOf`. */
export interface CompiledRule {
  readonly id: string;
  readonly category: Category;
  readonly score: number;
  readonly allOfGroups: number;
}

/** Word rules, ready to judge prompts. */
export interface PromptRules {
  /** Version and twelve hex digits over the text of the rules. */
  readonly version: string;
  readonly rules: readonly CompiledRule[];
  readonly categories: readonly Category[];
  readonly vocabulary: Vocabulary;
  readonly terms: TermNode;
  readonly termCount: number;
}
