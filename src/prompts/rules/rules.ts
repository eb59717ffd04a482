import { createHash } from 'node:crypto';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { compileRules } from './compile-rules.ts';
import type { PromptRules } from './prompt-rules.ts';
import { type Path, rulesFileSchema } from './rules-schema.ts';

/** What is wrong with a rules file; `line` counts from 1. */
export interface RuleProblem {
  readonly line: number;
  readonly message: string;
}

export type ParsedRules =
  | { readonly ok: true; readonly rules: PromptRules }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/**
 * Reads a rules file (YAML) and compiles it. Rules are data: words, groups and numbers, no patterns, so no rule can
 * make matching slow. Reports every problem that it can see, each with its line.
 */
export function parsePromptRules(yamlText: string): ParsedRules {
  const lineCounter = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter, strict: true, uniqueKeys: true });
  const lineOf = (path: Path) => lineOfNode(document, path, lineCounter);
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, code }) => ({ line: lineCounter.linePos(pos[0]).line, message: `YAML: ${code}` }));
    return { ok: false, problems };
  }
  const parsed = rulesFileSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      line: lineOf(path.map(asKey)),
      message: `${path.map(String).join('.')}: ${message}`,
    }));
    return { ok: false, problems };
  }
  const digest = createHash('sha256').update(yamlText).digest('hex').slice(0, 12);
  const compiled = compileRules(parsed.data, `${parsed.data.version}+${digest}`);
  if (compiled.ok) return compiled;
  return { ok: false, problems: compiled.problems.map(({ path, message }) => ({ line: lineOf(path), message })) };
}

function asKey(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key;
}

/** The line of the node, or of the nearest node around it that exists. */
function lineOfNode(document: Document, path: Path, lineCounter: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const offset = startOf(node);
    if (offset !== undefined) return lineCounter.linePos(offset).line;
  }
  return 1;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
