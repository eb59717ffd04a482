import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import type { TermGroup } from './lexicon.ts';
import type { RuleProblem } from './rule-problem.ts';
import { type Path, type RulesFile, rulesFileSchema } from './rules-schema.ts';

/** A file of rules with the way back from a path to its line. */
export interface RuleDocument {
  readonly content: RulesFile;
  /** The groups that stand in the file itself. */
  readonly groups: readonly TermGroup[];
  problemAt(path: Path, message: string): RuleProblem;
}

export type ReadRules =
  | { readonly ok: true; readonly document: RuleDocument }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** Reads a file (YAML) against the schema. Reports every problem that it can see, each with its line. Never throws. */
export function readRuleDocument(yamlText: string, name?: string): ReadRules {
  const lineCounter = new LineCounter();
  const problem = (line: number, message: string): RuleProblem => ({ ...(name === undefined ? {} : { file: name }), line, message });
  try {
    const document = parseDocument(yamlText, { lineCounter, strict: true, uniqueKeys: true, stringKeys: true, logLevel: 'silent' });
    const problemAt = (path: Path, message: string) => problem(lineCounter.linePos(offsetOf(document, path)).line, message);
    const flaws = [
      ...document.errors.map(({ pos, code }) => problem(lineCounter.linePos(pos[0]).line, `YAML: ${code}`)),
      ...aliasesIn(document).map((offset) => problem(lineCounter.linePos(offset).line, 'YAML: no aliases here; write the value out')),
    ];
    return flaws.length > 0 ? { ok: false, problems: flaws } : readContent(document.toJS(), problemAt);
  } catch {
    // The parser recurses: a line of a hundred thousand brackets exhausts the stack.
    return { ok: false, problems: [problem(1, 'YAML: not readable, or nested too deeply')] };
  }
}

/** Where aliases stand. One that leads nowhere throws when it is read, and many make a huge file of a small one. */
function aliasesIn(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias: (_, { range }) => {
      offsets.push(range?.[0] ?? 0);
    },
  });
  return offsets;
}

function readContent(value: unknown, problemAt: RuleDocument['problemAt']): ReadRules {
  const parsed = rulesFileSchema.safeParse(value);
  if (parsed.success) return { ok: true, document: { content: parsed.data, groups: groupsOf(parsed.data, problemAt), problemAt } };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => {
      const keys = path.map((key) => (typeof key === 'symbol' ? String(key) : key));
      return problemAt(keys, `${keys.join('.')}: ${message}`);
    }),
  };
}

function groupsOf({ groups }: RulesFile, problemAt: RuleDocument['problemAt']): TermGroup[] {
  return Object.entries(groups).map(([name, terms]) => ({
    name,
    terms,
    problemAt: (message, term) => problemAt(term === undefined ? ['groups', name] : ['groups', name, term], message),
  }));
}

/** The start of the node, or of the nearest node around it that exists. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const offset = startOf(document.getIn(path.slice(0, length), true));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
