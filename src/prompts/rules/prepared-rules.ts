import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { type Condition, compileCondition } from './condition.ts';
import { compilePatterns } from './patterns.ts';
import { type PlantedTerms, plantTerms, preparedTermsSchema } from './prepared-terms.ts';
import type { CompiledRule, PromptRules } from './prompt-rules.ts';

const preparedRuleSchema = z.strictObject({
  id: z.string(),
  category: z.enum(CATEGORIES),
  score: z.number(),
  allOfGroups: z.int(),
  within: z.int().exactOptional(),
  unlessWithin: z.int().exactOptional(),
  needsNegative: z.boolean(),
  hasTriggers: z.boolean(),
  patterns: z.array(z.string()),
  when: z.string().exactOptional(),
});

/** Rules that were read and checked, as plain data; what is missing is made in a few milliseconds. */
export const preparedRulesSchema = z.strictObject({
  version: z.string(),
  rules: z.array(preparedRuleSchema),
  terms: preparedTermsSchema,
});

export type PreparedRules = z.output<typeof preparedRulesSchema>;

/** Rules that judge. Nothing here finds faults: `prepareRules` found them. @throws Error when an expression does not compile */
export function assembleRules({ version, rules, terms }: PreparedRules, planted: PlantedTerms = plantTerms(terms)): PromptRules {
  const patterns = compilePatterns(rules.flatMap((rule, index) => rule.patterns.map((expression) => ({ expression, rule: index }))));
  if (!patterns.ok) throw new Error('an expression of prepared rules does not compile');
  const compiled = rules.map(({ patterns: _, when, ...rule }): CompiledRule => {
    if (when === undefined) return rule;
    return { ...rule, condition: compiledLater(when) };
  });
  return {
    version,
    rules: compiled,
    conditional: compiled.flatMap(({ condition }, index) => (condition === undefined ? [] : [index])),
    categories: [...new Set(compiled.map(({ category }) => category))],
    vocabulary: planted.vocabulary,
    terms: planted.terms,
    termCount: planted.phraseCount,
    patterns: patterns.patterns,
  };
}

/** Compiled when it is first asked: few prompts ask for one. One that does not compile after all could not be answered. */
function compiledLater(source: string): Condition {
  let compiled: Condition | undefined;
  return (facts) => {
    compiled ??= conditionOf(source);
    return compiled(facts);
  };
}

function conditionOf(source: string): Condition {
  const result = compileCondition(source);
  return result.ok ? result.condition : () => 'failed';
}
