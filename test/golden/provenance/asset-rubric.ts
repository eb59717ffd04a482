import { readFileSync } from 'node:fs';
import JsonFormula, { dataTypes } from '@adobe/json-formula';
import { parseAllDocuments } from 'yaml';

export interface Verdict {
  readonly id: string;
  readonly passed: boolean;
  /** Why the expression could not be evaluated. */
  readonly error?: string;
}

interface Statement {
  readonly id: string;
  readonly expression: string;
  readonly failIfMatched?: boolean;
  readonly warnIfMatched?: boolean;
}

/**
 * An asset rubric of the C2PA as a function over crJSON. Our port of the official evaluator: expressions of the first document become
 * functions whose arguments stand in `$args`; all other documents hold statements.
 */
export function loadRubric(name: string, specVersion = '2.4'): (crJson: unknown) => readonly Verdict[] {
  const text = readFileSync(new URL(`./rubrics/${name}.yml`, import.meta.url), 'utf8');
  const [head, ...rest] = parseAllDocuments(text).map((document) => document.toJS());
  const globals: Record<string, unknown> = { ...head.variables, $expected_spec_version: specVersion, $args: [] };
  const expressions = Object.entries<string>(head.expressions ?? {});
  const compiled = new Map<string, unknown>();
  const functions = Object.fromEntries(
    expressions.map(([id, expression]) => [
      id,
      {
        _func: (
          args: readonly unknown[],
          data: unknown,
          interpreter: { globals: Record<string, unknown>; search(ast: unknown, data: unknown): unknown },
        ) => {
          const outer = interpreter.globals['$args'];
          interpreter.globals['$args'] = args;
          try {
            return interpreter.search(compiled.get(id), data);
          } finally {
            interpreter.globals['$args'] = outer;
          }
        },
        _signature: Array.from({ length: arity(expression) }, () => ({ types: [dataTypes.TYPE_ANY] })),
      },
    ]),
  );
  const formula = new JsonFormula(functions, null, []);
  for (const [id, expression] of expressions) compiled.set(id, formula.compile(expression.trim(), Object.keys(globals)));
  const statements: readonly Statement[] = rest.flat().filter((one) => typeof one?.expression === 'string');
  return (crJson) => statements.map((statement) => judge(statement, () => formula.search(statement.expression.trim(), crJson, globals)));
}

function arity(expression: string): number {
  return Math.max(0, ...[...expression.matchAll(/\$args\[(\d+)\]/g)].map(([, index]) => Number(index) + 1));
}

function judge({ id, failIfMatched, warnIfMatched }: Statement, evaluate: () => unknown): Verdict {
  try {
    const matched = isTrue(evaluate());
    return { id, passed: failIfMatched || warnIfMatched ? !matched : matched };
  } catch (error) {
    return { id, passed: false, error: String(error) };
  }
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'number' ? value > 0 : value !== null && value !== undefined && value !== false;
}
