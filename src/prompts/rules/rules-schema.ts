import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';

const MAX_TERMS = 4_000;

const termsSchema = z.array(z.string().min(1).max(200)).min(1).max(MAX_TERMS);

const ruleSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'id may have lower-case letters, digits and dashes' }),
    category: z.enum(CATEGORIES),
    /** Risk from 0 to 1. */
    score: z.number().gt(0).max(1),
    /** ISO 639 codes of the terms; for readers and reports, not for matching. */
    languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1),
    anyOf: termsSchema.optional(),
    allOf: z.array(termsSchema).min(2).max(8).optional(),
    /** The groups of `allOf` must meet within so many words. Left out: anywhere in the prompt. */
    within: z.int().min(1).max(60).optional(),
    noneOf: termsSchema.optional(),
    unless: z.strictObject({ terms: termsSchema, within: z.int().min(1).max(12) }).optional(),
    negativeOf: termsSchema.optional(),
    /** RE2 expressions over the canonical text (lower case, one space between words). */
    patterns: z.array(z.string().min(2).max(500)).min(1).max(100).optional(),
    /** A CEL condition; see `facts.ts` for what it may ask. */
    when: z.string().min(1).max(2_000).optional(),
  })
  .superRefine((rule, context) => {
    const flaw = flawOf(rule);
    if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
  });

interface Shape {
  readonly category: string;
  readonly anyOf?: unknown;
  readonly allOf?: unknown;
  readonly within?: unknown;
  readonly unless?: unknown;
  readonly patterns?: unknown;
  readonly when?: unknown;
}

function flawOf({ category, anyOf, allOf, within, unless, patterns, when }: Shape): string | undefined {
  if (anyOf === undefined && allOf === undefined && patterns === undefined && when === undefined)
    return 'a rule needs anyOf, allOf, patterns or when';
  if (within !== undefined && allOf === undefined) return 'within needs allOf';
  // The words around a hit are the attacker's to choose.
  if (unless !== undefined && FLOORED.has(category)) return `a rule for ${category} takes no unless`;
  return undefined;
}

/** Categories with a floor in the program; no word beside a hit may take it back. */
const FLOORED: ReadonlySet<string> = new Set(['sexual_minors', 'ncii_undress', 'known_bad']);

/**
 * A file of rules. A term is one word or several; `@name` in it stands for each term of that group, `{1-17}` for each
 * of these numbers, a star at the end of a word for any ending.
 * - `noneOf` takes back a hit that it overlaps ("sex education"), never one elsewhere in the prompt: otherwise naming an
 *   exception would switch the rule off. `unless` takes back a hit that has one of its terms within so many words.
 * - `negativeOf` terms must stand in a negative prompt; everything else is asked of the positive parts only.
 * - `when` must hold as well; a condition that throws counts as held.
 */
export const rulesFileSchema = z.strictObject({
  version: z.string().regex(/^[\w.-]{1,20}$/),
  /** Files of groups beside this one; see `lexicon.ts`. */
  lexicons: z
    .array(z.string().regex(/^(?:[\w-]+\/)*[\w-]+\.txt$/, { error: 'a path to a .txt file below this one' }))
    .max(100)
    .default([]),
  groups: z.record(z.string().regex(/^[a-z0-9_]{1,40}$/), termsSchema).default({}),
  rules: z.array(ruleSchema).min(1).max(2_000),
});

export type RulesFile = z.infer<typeof rulesFileSchema>;
export type RuleSource = RulesFile['rules'][number];

/** Where in a rules file something stands. */
export type Path = readonly (string | number)[];
