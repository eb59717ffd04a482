import { createHash } from 'node:crypto';
import { type PreparedOrFlawed, prepareRules } from './compile-rules.ts';
import { readLexicon } from './lexicon.ts';
import { assembleRules } from './prepared-rules.ts';
import type { ParsedRules } from './prompt-rules.ts';
import { readRuleDocument } from './rule-document.ts';

/** The text of one file; the name stands in problems. */
export interface RuleText {
  readonly name?: string;
  readonly text: string;
}

/**
 * Reads a file of rules (YAML) with its lexicons and compiles it. Rules are data: words, RE2 expressions, conditions over
 * facts; no rule can make matching slow. Reports every problem that it can see, each with its file and line.
 * `read` is the file as a caller has read it already.
 */
export function parseRuleFiles(file: RuleText, lexicons: readonly RuleText[], read = readRuleDocument(file.text, file.name)): ParsedRules {
  const result = prepareRuleFiles(file, lexicons, read);
  return result.ok ? { ok: true, rules: assembleRules(result.prepared, result.planted) } : result;
}

/** The same as plain data, see `PreparedRules`. */
export function prepareRuleFiles(
  file: RuleText,
  lexicons: readonly RuleText[],
  read = readRuleDocument(file.text, file.name),
): PreparedOrFlawed {
  const readLexicons = lexicons.map(({ text, name }) => readLexicon(text, name));
  const problems = [read, ...readLexicons].flatMap((one) => (one.ok ? [] : one.problems));
  if (!read.ok || problems.length > 0) return { ok: false, problems };
  const digest = createHash('sha256');
  for (const { text } of [file, ...lexicons]) digest.update(text).update('\0');
  const groups = [...read.document.groups, ...readLexicons.flatMap((one) => (one.ok ? one.groups : []))];
  return prepareRules(read.document, groups, `${read.document.content.version}+${digest.digest('hex').slice(0, 12)}`);
}

/** A file without lexicons. */
export function parsePromptRules(yamlText: string): ParsedRules {
  return parseRuleFiles({ text: yamlText }, []);
}
