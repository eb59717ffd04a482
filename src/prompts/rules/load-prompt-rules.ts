import { readFile } from 'node:fs/promises';
import type { PromptRules } from './prompt-rules.ts';
import { parsePromptRules, type RuleProblem } from './rules.ts';

/** A rules file that is not taken, with every problem and its line. */
export class PromptRulesRejected extends Error {
  override readonly name = 'PromptRulesRejected';
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    super(`prompt rules: ${problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`);
    this.problems = problems;
  }
}

/**
 * Reads and compiles a rules file.
 * @throws PromptRulesRejected; file system errors as they come
 */
export async function loadPromptRules(path: string): Promise<PromptRules> {
  const parsed = parsePromptRules(await readFile(path, 'utf8'));
  if (!parsed.ok) throw new PromptRulesRejected(parsed.problems);
  return parsed.rules;
}
