import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';

const termsSchema = z.array(z.string().min(1).max(200)).min(1).max(2_000);

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
    noneOf: termsSchema.optional(),
  })
  .refine((rule) => rule.anyOf !== undefined || rule.allOf !== undefined, { error: 'a rule needs anyOf or allOf' });

/**
 * A file of rules. A term is one word or several; `@name` in it stands for each term of that group, `{1-17}` for each
 * of these numbers. `noneOf` takes back a hit that it overlaps ("sex education"), never one elsewhere in the prompt:
 * otherwise naming an exception would switch the rule off.
 */
export const rulesFileSchema = z.strictObject({
  version: z.string().regex(/^[\w.-]{1,20}$/),
  groups: z.record(z.string().regex(/^[a-z0-9_]{1,40}$/), termsSchema).default({}),
  rules: z.array(ruleSchema).min(1).max(2_000),
});

export type RulesFile = z.infer<typeof rulesFileSchema>;
export type RuleSource = RulesFile['rules'][number];

/** Where in a rules file something stands. */
export type Path = readonly (string | number)[];
