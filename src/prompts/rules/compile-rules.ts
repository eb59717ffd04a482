import { type Condition, compileCondition } from './condition.ts';
import { expandTerm, type Groups } from './expand-term.ts';
import type { TermGroup } from './lexicon.ts';
import { compilePatterns } from './patterns.ts';
import type { CompiledRule, ParsedRules, PromptRules } from './prompt-rules.ts';
import type { RuleDocument } from './rule-document.ts';
import { crossFlaws } from './rule-flaws.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { Path, RuleSource } from './rules-schema.ts';
import { addReadings, MAX_READINGS } from './term-readings.ts';
import { createTrie, PART_ANY, PART_EXCEPTION, PART_NEGATIVE, PART_UNLESS, type TermUse } from './term-trie.ts';
import { createTermReader, flawOfTerm } from './term-words.ts';
import { createVocabulary, type TermWord } from './vocabulary.ts';

const MAX_PHRASES = 200_000;

/** A rule with the way back to the place where it stands. */
interface PlacedRule {
  readonly rule: RuleSource;
  problemAt(path: Path, message: string): RuleProblem;
}

interface Phrase {
  readonly words: readonly TermWord[];
  readonly use: TermUse;
}

/** Expands all terms, numbers their words and puts them into one tree; compiles expressions and conditions. */
export function compileRules(document: RuleDocument, groups: readonly TermGroup[], version: string): ParsedRules {
  const placed = document.content.rules.map(
    (rule, index): PlacedRule => ({ rule, problemAt: (path, message) => document.problemAt(['rules', index, ...path], message) }),
  );
  const problems = crossFlaws(document, groups);
  const phrases = phrasesOfAll(placed, groups, problems);
  const patterns = patternsOf(placed, problems);
  const conditions = conditionsOf(placed, problems);
  const vocabulary = createVocabulary(phrases.flatMap(({ words }) => words));
  const terms = createTrie();
  const readings = phrases.reduce((count, { words, use }) => count + addReadings(terms, words, use, vocabulary), 0);
  if (readings > phrases.length + MAX_READINGS || phrases.length > MAX_PHRASES)
    problems.push(document.problemAt(['rules'], `all terms together stand for more than ${MAX_PHRASES} phrases`));
  if (problems.length > 0 || patterns === undefined) return { ok: false, problems };
  const rules = placed.map(({ rule }, index) => compiled(rule, conditions.get(index)));
  return { ok: true, rules: { version, rules, ...derived(rules), vocabulary, terms, termCount: phrases.length, patterns } };
}

function derived(rules: readonly CompiledRule[]): Pick<PromptRules, 'categories' | 'conditional'> {
  return {
    categories: [...new Set(rules.map(({ category }) => category))],
    conditional: rules.flatMap(({ condition }, index) => (condition === undefined ? [] : [index])),
  };
}

function compiled({ id, category, score, ...rule }: RuleSource, condition: Condition | undefined): CompiledRule {
  return {
    id,
    category,
    score,
    allOfGroups: rule.allOf?.length ?? 0,
    ...(rule.within === undefined ? {} : { within: rule.within }),
    ...(rule.unless === undefined ? {} : { unlessWithin: rule.unless.within }),
    needsNegative: rule.negativeOf !== undefined,
    hasTriggers: rule.anyOf !== undefined || rule.allOf !== undefined || rule.patterns !== undefined,
    ...(condition === undefined ? {} : { condition }),
  };
}

function phrasesOfAll(placed: readonly PlacedRule[], groups: readonly TermGroup[], problems: RuleProblem[]): Phrase[] {
  const termWords = createTermReader();
  const terms: Groups = new Map(groups.map((group) => [group.name, group.terms]));
  for (const { terms: own, problemAt } of groups) {
    for (const [index, term] of own.entries()) {
      const flaw = /[@{]/.test(term) ? undefined : flawOfTerm(termWords(term));
      if (flaw !== undefined) problems.push(problemAt(flaw, index));
    }
  }
  const known = new Map<string, readonly string[]>();
  return placed.flatMap(({ rule, problemAt }, index) =>
    termsOf(rule, index).flatMap(({ term, path, use }) => {
      const expanded = expandTerm(term, terms, known);
      if (!expanded.ok) problems.push(problemAt(path, expanded.message));
      const phrases = (expanded.ok ? expanded.phrases : []).map((phrase) => ({ words: termWords(phrase), use }));
      const flaw = term.includes('@') ? undefined : phrases.map(({ words }) => flawOfTerm(words)).find((message) => message !== undefined);
      if (flaw !== undefined) problems.push(problemAt(path, flaw));
      return phrases;
    }),
  );
}

interface Term {
  readonly term: string;
  readonly path: Path;
  readonly use: TermUse;
}

function termsOf({ anyOf = [], allOf = [], noneOf = [], negativeOf = [], unless }: RuleSource, rule: number): Term[] {
  const list = (terms: readonly string[], path: Path, part: number) =>
    terms.map((term, at) => ({ term, path: [...path, at], use: { rule, part } }));
  return [
    ...list(anyOf, ['anyOf'], PART_ANY),
    ...list(noneOf, ['noneOf'], PART_EXCEPTION),
    ...list(unless?.terms ?? [], ['unless', 'terms'], PART_UNLESS),
    ...list(negativeOf, ['negativeOf'], PART_NEGATIVE),
    ...allOf.flatMap((group, index) => list(group, ['allOf', index], index)),
  ];
}

function patternsOf(placed: readonly PlacedRule[], problems: RuleProblem[]) {
  const sources = placed.flatMap(({ rule, problemAt }, index) =>
    (rule.patterns ?? []).map((expression, at) => ({
      expression,
      rule: index,
      problem: (message: string) => problemAt(['patterns', at], message),
    })),
  );
  const result = compilePatterns(sources);
  if (result.ok) return result.patterns;
  for (const { index, message } of result.flaws) {
    const problem = sources[index]?.problem(message);
    if (problem !== undefined) problems.push(problem);
  }
  return undefined;
}

function conditionsOf(placed: readonly PlacedRule[], problems: RuleProblem[]): ReadonlyMap<number, Condition> {
  const conditions = new Map<number, Condition>();
  for (const [index, { rule, problemAt }] of placed.entries()) {
    if (rule.when === undefined) continue;
    const result = compileCondition(rule.when);
    if (result.ok) conditions.set(index, result.condition);
    else problems.push(problemAt(['when'], result.message));
  }
  return conditions;
}
