import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import type { RE2JS } from 're2js';
import { FACT_TYPES, type Facts } from './facts.ts';
import { compileExpression } from './patterns.ts';

/** A condition over facts. `failed`: it could not be answered, which counts as true. */
export type Condition = (facts: Facts) => 'true' | 'false' | 'failed';

export type CompiledCondition = { readonly ok: true; readonly condition: Condition } | { readonly ok: false; readonly message: string };

/** Our own `matches`: the library's runs JavaScript's RegExp, which one short text can hang for minutes. */
const MATCHES = 'matchesRe2';
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 };
/** Macros that visit every element of a list; each one inside another multiplies the work. */
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'transformList', 'transformMap']);
const MAX_LOOPS = 2;

/** Compiles a CEL condition once. Unknown names, wrong types and bad expressions are refused here, not when it is asked. */
export function compileCondition(source: string): CompiledCondition {
  const expressions = new Map<string, RE2JS>();
  try {
    const program = environmentWith(expressions).parse(source);
    const calls = [...callsIn(program.ast)];
    if (calls.filter(({ name }) => LOOPS.has(name)).length > MAX_LOOPS)
      return { ok: false, message: `more than ${MAX_LOOPS} loops over lists` };
    const flaw = takeOverMatches(calls, expressions);
    if (flaw !== undefined) return { ok: false, message: flaw };
    const { valid, type, error } = program.check();
    if (!valid) return { ok: false, message: firstLine(error) };
    if (type !== 'bool') return { ok: false, message: `a condition must be true or false, this one is of type ${type ?? 'unknown'}` };
    return { ok: true, condition: (facts) => ask(program, facts) };
  } catch (error) {
    return { ok: false, message: firstLine(error) };
  }
}

function ask(program: (facts: Record<string, unknown>) => unknown, facts: Facts): 'true' | 'false' | 'failed' {
  try {
    const answer = program({ ...facts });
    if (answer === false) return 'false';
    return answer === true ? 'true' : 'failed';
  } catch {
    return 'failed';
  }
}

function environmentWith(expressions: ReadonlyMap<string, RE2JS>): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS })
    .registerType({ name: 'Scores', schema: FACT_TYPES.scores })
    .registerVariable('scores', 'Scores')
    .registerFunction(`string.${MATCHES}(string): bool`, (text: string, expression: string) => {
      const compiled = expressions.get(expression);
      if (compiled === undefined) throw new Error('an expression that was not compiled');
      return compiled.test(text);
    });
  for (const [name, type] of Object.entries(FACT_TYPES.plain)) environment.registerVariable(name, type);
  return environment;
}

interface Call {
  readonly name: string;
  readonly node: ASTNode;
}

function* callsIn(node: ASTNode): Generator<Call> {
  if (node.op === 'call' || node.op === 'rcall') yield { name: node.args[0], node };
  for (const inner of nodesIn(node.args)) yield* callsIn(inner);
}

function* nodesIn(part: unknown): Generator<ASTNode> {
  if (isNode(part)) yield part;
  else if (Array.isArray(part)) for (const inner of part) yield* nodesIn(inner);
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}

/** Points every `matches` at ours. The expression must be written out, so that it is compiled and refused now. */
function takeOverMatches(calls: readonly Call[], expressions: Map<string, RE2JS>): string | undefined {
  for (const { name, node } of calls) {
    if (name !== 'matches') continue;
    if (node.op !== 'rcall') return 'write matches as text.matches("…")';
    const [expression] = node.args[2];
    if (expression?.op !== 'value' || typeof expression.args !== 'string') return 'the expression of matches must be written out';
    const compiled = compileExpression(expression.args);
    if (!compiled.ok) return compiled.message;
    expressions.set(expression.args, compiled.expression);
    node.args[0] = MATCHES;
  }
  return undefined;
}

function firstLine(error: unknown): string {
  return `not a condition: ${(error instanceof Error ? error.message : 'unreadable').split('\n', 1)[0] ?? ''}`;
}
