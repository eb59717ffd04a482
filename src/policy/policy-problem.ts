import type { Path, YamlSource } from './yaml-source.ts';

/** What is wrong with a policy, and where. Line and column count from 1. */
export interface PolicyProblem {
  /** Such as `rules[2].when.score`; empty when it is about the whole file. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** A problem that does not know its line yet. */
export interface Flaw {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** `['rules', 2, 'when']` → `rules[2].when`. */
function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** Gives every flaw its line, in the order of the file. */
export function locate(flaws: readonly Flaw[], source: YamlSource): PolicyProblem[] {
  return flaws
    .map(({ path, at, message, hint }) => ({
      path: formatPath(path),
      ...source.place(path, at),
      message,
      ...(hint === undefined ? {} : { hint }),
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** One line for each problem, as a compiler prints it: `standard.yaml:12:5: unknown key "actoin" (did you mean "action"?)`. */
export function formatProblems(problems: readonly PolicyProblem[], source: string): string {
  return problems
    .map(({ line, column, message, hint }) => `${source}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`)
    .join('\n');
}
