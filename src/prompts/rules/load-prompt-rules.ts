import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
 * Reads and compiles a rules file and the lexicons that it names.
 * @throws PromptRulesRejected; file system errors as they come
 */
export async function loadPromptRules(path: string): Promise<PromptRules> {
  const file: RuleText = { name: basename(path), text: await readFile(path, 'utf8') };
  const read = readRuleDocument(file.text, file.name);
  if (!read.ok) throw new PromptRulesRejected(read.problems);
  const lexicons = await Promise.all(
    read.document.content.lexicons.map(
      async (name): Promise<RuleText> => ({ name, text: await readFile(join(dirname(path), name), 'utf8') }),
    ),
  );
  const parsed = parseRuleFiles(file, lexicons, read);
  if (!parsed.ok) throw new PromptRulesRejected(parsed.problems);
  return parsed.rules;
}
