import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { TrickKind } from '../reading/prompt-reading.ts';

/** Who asks and what for; whatever a caller does not know stays out. */
export interface PromptContext {
  readonly surface?: string;
  readonly operation?: 'generate' | 'edit' | 'variation';
  /** ISO 639 code; `und` where nobody told. */
  readonly language?: string;
}

/**
 * What a condition may ask, by these names: `scores.<category>` (0 to 1, of the rules without a condition), `rules` (ids
 * that fired), `surface`, `operation`, `language`, `tricks` (kinds undone), `words` (their number), `text` (canonical,
 * positive parts).
 */
export interface Facts {
  readonly scores: Readonly<Record<Category, number>>;
  readonly rules: readonly string[];
  readonly surface: string;
  readonly operation: string;
  readonly language: string;
  readonly tricks: readonly string[];
  readonly words: bigint;
  readonly text: string;
}

/** What is known of a prompt before the conditions are asked. */
export interface KnownOfPrompt {
  readonly fired: readonly { readonly id: string; readonly category: Category; readonly score: number }[];
  readonly tricks: readonly TrickKind[];
  readonly words: number;
  readonly text: string;
}

/** The facts of one prompt. */
export function factsOf({ fired, tricks, words, text }: KnownOfPrompt, context: PromptContext): Facts {
  const scores = { ...NO_SCORES };
  for (const { category, score } of fired) scores[category] = Math.max(scores[category], score);
  return {
    scores,
    rules: fired.map(({ id }) => id),
    surface: context.surface ?? '',
    operation: context.operation ?? 'generate',
    language: context.language ?? 'und',
    tricks,
    words: BigInt(words),
    text,
  };
}

const NO_SCORES: Readonly<Record<Category, number>> = {
  sexual: 0,
  sexual_minors: 0,
  ncii_undress: 0,
  real_person_likeness: 0,
  political_disinformation: 0,
  hate: 0,
  violence_gore: 0,
  self_harm: 0,
  extremism: 0,
  illegal_goods: 0,
  ip: 0,
  fraud_id_documents: 0,
  medical_dangerous: 0,
  brand_safety: 0,
  known_bad: 0,
  unsafe_file: 0,
};

/** The names and types of the facts, in CEL's words. */
export const FACT_TYPES = {
  scores: Object.fromEntries(CATEGORIES.map((category) => [category, 'double'])),
  plain: {
    rules: 'list<string>',
    surface: 'string',
    operation: 'string',
    language: 'string',
    tricks: 'list<string>',
    words: 'int',
    text: 'string',
  },
} as const;
