import { readFileSync } from 'node:fs';
import type { PromptRules } from './prompt-rules.ts';
import { parsePromptRules } from './rules.ts';

/** The rules that we ship, compiled. */
export function standardRules(): PromptRules {
  return rulesFrom(readFileSync(new URL('../../../policies/standard/prompt-rules.yaml', import.meta.url), 'utf8'));
}

/** Compiles rules that must be right. */
export function rulesFrom(yaml: string): PromptRules {
  const parsed = parsePromptRules(yaml);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.rules;
}
