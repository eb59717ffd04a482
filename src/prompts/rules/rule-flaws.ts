import type { TermGroup } from './lexicon.ts';
import type { RuleDocument } from './rule-document.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { RuleSource } from './rules-schema.ts';

/** What is wrong between rules and groups: ids and names taken twice, groups that nothing uses. */
export function crossFlaws({ content, problemAt }: RuleDocument, groups: readonly TermGroup[]): RuleProblem[] {
  const ids = new Set<string>();
  const takenIds = content.rules.flatMap(({ id }, index) => {
    if (ids.has(id)) return [problemAt(['rules', index, 'id'], `the id "${id}" is taken`)];
    ids.add(id);
    return [];
  });
  return [...takenIds, ...groupFlaws(content.rules, groups)];
}

/** A group that nothing refers to is a rule that somebody believes to be there. */
function groupFlaws(rules: readonly RuleSource[], groups: readonly TermGroup[]): RuleProblem[] {
  const used = new Set([...rules.flatMap(termsOf), ...groups.flatMap(({ terms }) => terms)].flatMap(referencesIn));
  const seen = new Set<string>();
  return groups.flatMap(({ name, problemAt }) => {
    if (seen.has(name)) return [problemAt(`the group "${name}" is there already`)];
    seen.add(name);
    return used.has(name) ? [] : [problemAt(`nothing uses the group "${name}"`)];
  });
}

function referencesIn(term: string): string[] {
  return term.includes('@') ? [...term.matchAll(/@([a-z0-9_]+)/g)].flatMap((match) => match[1] ?? []) : [];
}

const termsOf = ({ anyOf = [], allOf = [], noneOf = [], negativeOf = [], unless }: RuleSource) => [
  ...anyOf,
  ...allOf.flat(),
  ...noneOf,
  ...negativeOf,
  ...(unless?.terms ?? []),
];
