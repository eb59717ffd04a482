import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isPreparedFrom, preparedPrompts } from '../prepared-prompts.ts';
import { assembleRules } from './prepared-rules.ts';
import type { PromptRules } from './prompt-rules.ts';
import { readRuleDocument } from './rule-document.ts';
import type { RuleProblem } from './rule-problem.ts';
import { parseRuleFiles, type RuleText } from './rules.ts';

/** A rules file that is not taken, with every problem and its line. */
export class PromptRulesRejected extends Error {
  override readonly name = 'PromptRulesRejected';
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    const lines = problems.map(({ file, line, message }) => `${file === undefined ? '' : `${file}, `}line ${line}: ${message}`);
    super(`prompt rules: ${lines.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * Reads and compiles a rules file and the lexicons that it names. Files that are, byte for byte, those that were prepared by
 * the build are not parsed again.
 * @throws PromptRulesRejected; file system errors as they come
 */
export async function loadPromptRules(path: string, prepared = preparedPrompts()): Promise<PromptRules> {
  const known = await prepared;
  if (known !== undefined && isPreparedFrom(path, known.rules.sources)) return assembleRules(known.rules.prepared);
  const { file, lexicons, read } = await readRuleFiles(path);
  const parsed = parseRuleFiles(file, lexicons, read);
  if (!parsed.ok) throw new PromptRulesRejected(parsed.problems);
  return parsed.rules;
}

/** The texts of a rules file and of its lexicons. @throws as `loadPromptRules` */
export async function readRuleFiles(path: string) {
  const file: RuleText = { name: basename(path), text: await readFile(path, 'utf8') };
  const read = readRuleDocument(file.text, file.name);
  if (!read.ok) throw new PromptRulesRejected(read.problems);
  const lexicons = await Promise.all(
    read.document.content.lexicons.map(
      async (name): Promise<RuleText> => ({ name, text: await readFile(join(dirname(path), name), 'utf8') }),
    ),
  );
  return { file, lexicons, read };
}
