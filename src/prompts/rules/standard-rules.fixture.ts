import { readFileSync } from 'node:fs';
import type { ParsedRules, PromptRules } from './prompt-rules.ts';
import { readRuleDocument } from './rule-document.ts';
import { parsePromptRules, parseRuleFiles } from './rules.ts';

const read = (path: string) => readFileSync(new URL(`../../../policies/standard/${path}`, import.meta.url), 'utf8');

/** The rules that we ship, compiled. */
export function standardRules(): PromptRules {
  const text = read('prompt-rules.yaml');
  const document = readRuleDocument(text);
  const lexicons = document.ok ? document.document.content.lexicons : [];
  return rulesIn(
    parseRuleFiles(
      { text },
      lexicons.map((name) => ({ name, text: read(name) })),
    ),
  );
}

/** Compiles rules that must be right. */
export function rulesFrom(yaml: string): PromptRules {
  return rulesIn(parsePromptRules(yaml));
}

function rulesIn(parsed: ParsedRules): PromptRules {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.rules;
}
