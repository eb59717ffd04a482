import { wordsOf } from '../reading/normalize.ts';
import { expandTerm } from './expand-term.ts';
import type { PromptRules } from './prompt-rules.ts';
import type { Path, RuleSource, RulesFile } from './rules-schema.ts';
import { addTerm, createTrie, PART_ANY, PART_EXCEPTION, type TermUse } from './term-trie.ts';
import { createVocabulary } from './vocabulary.ts';

const MAX_PHRASES = 200_000;

interface Problem {
  readonly path: Path;
  readonly message: string;
}

interface Phrase {
  readonly words: readonly string[];
  readonly use: TermUse;
}

type Compiled = { readonly ok: true; readonly rules: PromptRules } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Expands all terms, numbers their words and puts them into one tree. */
export function compileRules(file: RulesFile, version: string): Compiled {
  const problems = [...duplicateIds(file.rules), ...unusedGroups(file)];
  const phrases: Phrase[] = [];
  for (const { term, path, use } of file.rules.flatMap(termsOf)) {
    const expanded = phrasesOf(term, use, file);
    if (expanded.ok) for (const phrase of expanded.phrases) phrases.push(phrase);
    else problems.push({ path, message: expanded.message });
  }
  if (phrases.length > MAX_PHRASES)
    problems.push({ path: ['rules'], message: `all terms together stand for more than ${MAX_PHRASES} phrases` });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, rules: assemble(file, version, phrases) };
}

function assemble(file: RulesFile, version: string, phrases: readonly Phrase[]): PromptRules {
  const vocabulary = createVocabulary(phrases.flatMap((phrase) => phrase.words));
  const terms = createTrie();
  for (const { words, use } of phrases)
    addTerm(
      terms,
      words.flatMap((word) => vocabulary.idOf(word) ?? []),
      use,
    );
  return {
    version,
    rules: file.rules.map(({ id, category, score, allOf }) => ({ id, category, score, allOfGroups: allOf?.length ?? 0 })),
    categories: [...new Set(file.rules.map((rule) => rule.category))],
    vocabulary,
    terms,
    termCount: phrases.length,
  };
}

interface Term {
  readonly term: string;
  readonly path: Path;
  readonly use: TermUse;
}

function termsOf({ anyOf = [], allOf = [], noneOf = [] }: RuleSource, rule: number): Term[] {
  const list = (terms: readonly string[], path: Path, part: number) =>
    terms.map((term, index) => ({ term, path: ['rules', rule, ...path, index], use: { rule, part } }));
  return [
    ...list(anyOf, ['anyOf'], PART_ANY),
    ...list(noneOf, ['noneOf'], PART_EXCEPTION),
    ...allOf.flatMap((group, index) => list(group, ['allOf', index], index)),
  ];
}

type Phrases = { readonly ok: true; readonly phrases: readonly Phrase[] } | { readonly ok: false; readonly message: string };

function phrasesOf(term: string, use: TermUse, { groups }: RulesFile): Phrases {
  const expanded = expandTerm(term, groups);
  if (!expanded.ok) return expanded;
  const phrases = expanded.phrases.map((phrase) => ({ words: wordsOf(phrase), use }));
  // A term of one letter, such as what is left of a masked word, would flag most prompts.
  const bad = phrases.some(({ words }) => words.join('').length < 2);
  return bad ? { ok: false, message: 'a term must have two letters or more' } : { ok: true, phrases };
}

function duplicateIds(rules: readonly RuleSource[]): Problem[] {
  return rules.flatMap(({ id }, index) =>
    rules.findIndex((other) => other.id === id) < index ? [{ path: ['rules', index, 'id'], message: `the id "${id}" is taken` }] : [],
  );
}

/** A group that nothing refers to is a rule that somebody believes to be there. */
function unusedGroups({ groups, rules }: RulesFile): Problem[] {
  const terms = [
    ...rules.flatMap(({ anyOf = [], allOf = [], noneOf = [] }) => [...anyOf, ...allOf.flat(), ...noneOf]),
    ...Object.values(groups).flat(),
  ];
  const used = new Set(terms.flatMap((term) => [...term.matchAll(/@([a-z0-9_]+)/g)].map((match) => match[1])));
  return Object.keys(groups).flatMap((name) =>
    used.has(name) ? [] : [{ path: ['groups', name], message: `nothing uses the group "${name}"` }],
  );
}
