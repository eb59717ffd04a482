import { RE2JS, RE2Set } from 're2js';
import type { TextSpan } from '../../contracts/finding.ts';

/** Instructions of one compiled expression; its cost on a text is at most this times the length. */
export const MAX_PROGRAM_SIZE = 1_000;
const MAX_TOTAL_PROGRAM_SIZE = 20_000;

/** An RE2 expression and the rule that it belongs to. */
export interface PatternSource {
  readonly expression: string;
  readonly rule: number;
}

/** All expressions of a set of rules as one automaton: fifty cost what one costs. */
export interface PatternSet {
  /** The rules whose expressions occur in a canonical text, with the first place of each expression there. */
  find(canonicalText: string): readonly { readonly rule: number; readonly span: TextSpan }[];
}

export type CompiledExpression = { readonly ok: true; readonly expression: RE2JS } | { readonly ok: false; readonly message: string };

/** Compiles one expression of RE2's syntax: no back-references, no look-around, so matching is linear whatever it says. */
export function compileExpression(expression: string): CompiledExpression {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(expression);
  } catch (cause) {
    return { ok: false, message: `not an RE2 expression: ${cause instanceof Error ? cause.message : 'unreadable'}` };
  }
  if (compiled.programSize() > MAX_PROGRAM_SIZE)
    return { ok: false, message: `the expression is larger than ${MAX_PROGRAM_SIZE} instructions` };
  if (compiled.test('')) return { ok: false, message: 'the expression matches the empty text, so every prompt' };
  return { ok: true, expression: compiled };
}

export interface PatternFlaw {
  readonly index: number;
  readonly message: string;
}

export type CompiledPatterns =
  | { readonly ok: true; readonly patterns: PatternSet }
  | { readonly ok: false; readonly flaws: readonly PatternFlaw[] };

/** Compiles all expressions at once; flaws name the index of the expression. */
export function compilePatterns(sources: readonly PatternSource[]): CompiledPatterns {
  const compiled = sources.map(({ expression }) => compileExpression(expression));
  const flaws = compiled.flatMap((one, index) => (one.ok ? [] : [{ index, message: one.message }]));
  const expressions = compiled.flatMap((one) => (one.ok ? [one.expression] : []));
  if (expressions.reduce((total, one) => total + one.programSize(), 0) > MAX_TOTAL_PROGRAM_SIZE)
    flaws.push({ index: 0, message: `all expressions together are larger than ${MAX_TOTAL_PROGRAM_SIZE} instructions` });
  if (flaws.length > 0) return { ok: false, flaws };
  if (expressions.length === 0) return { ok: true, patterns: { find: () => NOTHING } };
  const set = new RE2Set();
  for (const { expression } of sources) set.add(expression);
  set.compile();
  return { ok: true, patterns: { find: (text) => set.match(text).flatMap((index) => placeOf(text, sources[index], expressions[index])) } };
}

const NOTHING: readonly never[] = [];

function placeOf(text: string, source: PatternSource | undefined, expression: RE2JS | undefined) {
  if (source === undefined || expression === undefined) return [];
  const matcher = expression.matcher(text);
  const span = matcher.find() ? { start: matcher.start(), end: matcher.end() } : { start: 0, end: text.length };
  return [{ rule: source.rule, span }];
}
