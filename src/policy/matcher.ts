import type { Condition } from './condition.ts';
import type { Evidence, Facts } from './facts.ts';

/** A condition, ready to be asked. */
export interface Matcher {
  /** Whether it holds; with `slack`, whether it would if every score were that much higher. */
  holds(facts: Facts, slack: number): boolean;
  /** What made it hold. Only meaningful when it does. */
  evidence(facts: Facts): readonly Evidence[];
}

/** Turns a condition into closures, once, so that an evaluation walks no document. */
export function compileCondition(condition: Condition): Matcher {
  if ('any' in condition) return anyOf(condition.any.map(compileCondition));
  if ('all' in condition) return allOf(condition.all.map(compileCondition));
  if ('not' in condition) {
    const inner = compileCondition(condition.not);
    return { holds: (facts) => !inner.holds(facts, 0), evidence: () => [] };
  }
  if ('category' in condition) return categoryAtLeast(condition.category, condition.score);
  if ('check' in condition) return checkSays(condition.check, condition.reason);
  if ('surface' in condition) {
    const surfaces = new Set(condition.surface);
    return { holds: ({ surface }) => surfaces.has(surface), evidence: () => [] };
  }
  const operations = new Set(condition.operation);
  return { holds: ({ operation }) => operations.has(operation), evidence: () => [] };
}

function anyOf(parts: readonly Matcher[]): Matcher {
  return {
    holds: (facts, slack) => parts.some((part) => part.holds(facts, slack)),
    evidence: (facts) => parts.filter((part) => part.holds(facts, 0)).flatMap((part) => part.evidence(facts)),
  };
}

function allOf(parts: readonly Matcher[]): Matcher {
  return {
    holds: (facts, slack) => parts.every((part) => part.holds(facts, slack)),
    evidence: (facts) => parts.flatMap((part) => part.evidence(facts)),
  };
}

function categoryAtLeast(category: Evidence['category'], score: number): Matcher {
  return {
    holds: ({ peaks }, slack) => {
      const peak = peaks.get(category);
      return peak !== undefined && peak + slack >= score;
    },
    evidence: ({ signals }) => signals.filter((signal) => signal.category === category && signal.score >= score),
  };
}

function checkSays(check: string, reason: string | undefined): Matcher {
  const matches = reasonMatcher(reason);
  const fits = (signal: Evidence) => signal.check === check && matches(signal.reason);
  return { holds: ({ signals }) => signals.some(fits), evidence: ({ signals }) => signals.filter(fits) };
}

function reasonMatcher(pattern: string | undefined): (reason: string) => boolean {
  if (pattern === undefined) return () => true;
  if (!pattern.endsWith('*')) return (reason) => reason === pattern;
  const beginning = pattern.slice(0, -1);
  return (reason) => reason.startsWith(beginning);
}
