import { compileCondition } from './condition.ts';
import { expandTerm, type Groups } from './expand-term.ts';
import type { TermGroup } from './lexicon.ts';
import { compilePatterns } from './patterns.ts';
import type { PreparedRules } from './prepared-rules.ts';
import { type Phrase, type PlantedTerms, plantTerms, prepareTerms } from './prepared-terms.ts';
import type { RuleDocument } from './rule-document.ts';
import { crossFlaws } from './rule-flaws.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { Path, RuleSource } from './rules-schema.ts';
import { MAX_READINGS } from './term-readings.ts';
import { PART_ANY, PART_EXCEPTION, PART_NEGATIVE, PART_UNLESS, type TermUse } from './term-trie.ts';
import { createTermReader, flawOfTerm } from './term-words.ts';

const MAX_PHRASES = 200_000;

/** A rule with the way back to the place where it stands. */
interface PlacedRule {
  readonly rule: RuleSource;
  problemAt(path: Path, message: string): RuleProblem;
}

/** What `prepareRules` found: rules as plain data, with the tree that was made of their terms on the way; or every problem. */
export type PreparedOrFlawed =
  | { readonly ok: true; readonly prepared: PreparedRules; readonly planted: PlantedTerms }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** Expands all terms, reads their words, and checks expressions and conditions. */
export function prepareRules(document: RuleDocument, groups: readonly TermGroup[], version: string): PreparedOrFlawed {
  const placed = document.content.rules.map(
    (rule, index): PlacedRule => ({ rule, problemAt: (path, message) => document.problemAt(['rules', index, ...path], message) }),
  );
  const problems = crossFlaws(document, groups);
  const phrases = phrasesOfAll(placed, groups, problems);
  checkPatterns(placed, problems);
  checkConditions(placed, problems);
  const { terms, readings } = prepareTerms(phrases);
  const planted = plantTerms(terms);
  if (readings > phrases.length + MAX_READINGS || phrases.length > MAX_PHRASES)
    problems.push(document.problemAt(['rules'], `all terms together stand for more than ${MAX_PHRASES} phrases`));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, prepared: { version, rules: placed.map(({ rule }) => preparedRule(rule)), terms }, planted };
}

function preparedRule({ id, category, score, when, patterns = [], ...rule }: RuleSource): PreparedRules['rules'][number] {
  return {
    id,
    category,
    score,
    allOfGroups: rule.allOf?.length ?? 0,
    ...(rule.within === undefined ? {} : { within: rule.within }),
    ...(rule.unless === undefined ? {} : { unlessWithin: rule.unless.within }),
    needsNegative: rule.negativeOf !== undefined,
    hasTriggers: rule.anyOf !== undefined || rule.allOf !== undefined || patterns.length > 0,
    patterns,
    ...(when === undefined ? {} : { when }),
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

function checkPatterns(placed: readonly PlacedRule[], problems: RuleProblem[]): void {
  const sources = placed.flatMap(({ rule, problemAt }, index) =>
    (rule.patterns ?? []).map((expression, at) => ({
      expression,
      rule: index,
      problem: (message: string) => problemAt(['patterns', at], message),
    })),
  );
  const result = compilePatterns(sources);
  if (result.ok) return;
  for (const { index, message } of result.flaws) {
    const problem = sources[index]?.problem(message);
    if (problem !== undefined) problems.push(problem);
  }
}

function checkConditions(placed: readonly PlacedRule[], problems: RuleProblem[]): void {
  for (const { rule, problemAt } of placed) {
    const result = rule.when === undefined ? undefined : compileCondition(rule.when);
    if (result?.ok === false) problems.push(problemAt(['when'], result.message));
  }
}
