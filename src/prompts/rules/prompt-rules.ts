import type { Category } from '../../contracts/category.ts';
import type { Condition } from './condition.ts';
import type { PatternSet } from './patterns.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { TermTree } from './term-trie.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * One rule, compiled. It fires when a term of `anyOf` is found, a term of every group of `allOf`, or one of its
 * patterns; and its negative terms and its condition, where it has any, hold too.
 */
export interface CompiledRule {
  readonly id: string;
  readonly category: Category;
  readonly score: number;
  readonly allOfGroups: number;
  /** Words within which the groups must meet; absent: anywhere. */
  readonly within?: number;
  /** Words around a hit in which a term of `unless` takes it back; absent: no such term. */
  readonly unlessWithin?: number;
  readonly needsNegative: boolean;
  /** False for a rule that is nothing but a condition. */
  readonly hasTriggers: boolean;
  readonly condition?: Condition;
}

/** Word rules, ready to judge prompts. */
export interface PromptRules {
  /** Version and twelve hex digits over the text of the rules. */
  readonly version: string;
  readonly rules: readonly CompiledRule[];
  /** Indexes of the rules with a condition, which are asked last, in their order. */
  readonly conditional: readonly number[];
  readonly categories: readonly Category[];
  readonly vocabulary: Vocabulary;
  readonly terms: TermTree;
  readonly termCount: number;
  readonly patterns: PatternSet;
}

/** A file of rules that was read, or everything that is wrong with it. */
export type ParsedRules =
  | { readonly ok: true; readonly rules: PromptRules }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };
