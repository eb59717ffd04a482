import type { BehaviorName } from '../contracts/behavior-scores.ts';
import type { Evidence } from '../contracts/decision.ts';
import { lackingOf, type UserRequirement } from '../contracts/end-user.ts';
import { mayBeIn } from '../contracts/region.ts';
import { familyOf } from '../fusion/evidence-family.ts';
import { FAINT } from '../fusion/fuse.ts';
import type { Condition } from './condition.ts';
import type { Facts } from './facts.ts';

/** A condition, ready to be asked. */
export interface Matcher {
  /** Whether it holds; with `slack`, whether it would if every score were that much higher. */
  holds(facts: Facts, slack: number): boolean;
  /** Adds what made it hold. Only meaningful when it does. */
  collect(facts: Facts, into: Set<Evidence>): void;
}

const noEvidence = (): void => {};

/** Turns a condition into closures, once, so that an evaluation walks no document. */
export function compileCondition(condition: Condition): Matcher {
  if ('any' in condition) return anyOf(condition.any.map(compileCondition));
  if ('all' in condition) return allOf(condition.all.map(compileCondition));
  if ('not' in condition) {
    const inner = compileCondition(condition.not);
    return { holds: (facts) => !inner.holds(facts, 0), collect: noEvidence };
  }
  if ('category' in condition) return categoryAtLeast(condition.category, condition.score);
  if ('check' in condition) return checkSays(condition.check, condition.reason);
  if ('behavior' in condition) return behavesLike(condition.behavior, condition.score);
  if ('surface' in condition) {
    const surfaces = new Set(condition.surface);
    return { holds: ({ surface }) => surfaces.has(surface), collect: noEvidence };
  }
  if ('operation' in condition) {
    const operations = new Set(condition.operation);
    return { holds: ({ operation }) => operations.has(operation), collect: noEvidence };
  }
  return shortfall(condition);
}

/** Holds of whoever lacks it, and of whoever nothing was said of. */
function shortfall(
  condition: Extract<Condition, { tier: unknown } | { verified: unknown } | { age: unknown } | { region: unknown }>,
): Matcher {
  if ('region' in condition) {
    const { region } = condition;
    return { holds: ({ user }) => region.some((scope) => mayBeIn(user?.region ?? null, scope)), collect: noEvidence };
  }
  const requirement = requirementOf(condition);
  return { holds: ({ user, at }) => Object.keys(lackingOf(requirement, user, at)).length > 0, collect: noEvidence };
}

function requirementOf(condition: Extract<Condition, { tier: unknown } | { verified: unknown } | { age: unknown }>): UserRequirement {
  if ('tier' in condition) return { tier: condition.tier.below };
  if ('verified' in condition) return { verified: true };
  const { below, unless, withinDays } = condition.age;
  return {
    age: { over: below, ...(unless === undefined ? {} : { method: unless }), ...(withinDays === undefined ? {} : { withinDays }) },
  };
}

function anyOf(parts: readonly Matcher[]): Matcher {
  return {
    holds: (facts, slack) => parts.some((part) => part.holds(facts, slack)),
    collect: (facts, into) => {
      for (const part of parts) if (part.holds(facts, 0)) part.collect(facts, into);
    },
  };
}

function allOf(parts: readonly Matcher[]): Matcher {
  return {
    holds: (facts, slack) => parts.every((part) => part.holds(facts, slack)),
    collect: (facts, into) => {
      for (const part of parts) part.collect(facts, into);
    },
  };
}

function categoryAtLeast(category: Evidence['category'], score: number): Matcher {
  return {
    holds: ({ risks }, slack) => {
      const risk = risks.get(category);
      return risk !== undefined && risk + slack >= score;
    },
    collect: (facts, into) => {
      for (const signal of evidenceFor(facts, category, score)) into.add(signal);
    },
  };
}

/** The signals that reach a score by themselves, and where several sources or stages speak, all that may have a part in it. */
export function evidenceFor({ signals }: Facts, category: Evidence['category'], score: number): Evidence[] {
  const own = signals.filter((one) => one.category === category);
  const sourceOf = (one: Evidence) => `${familyOf(one)} ${one.isEarlier}`;
  const isMixed = new Set(own.map(sourceOf)).size > 1;
  return own.filter((one) => one.score >= score || (isMixed && one.score > FAINT));
}

/** What somebody did before is no finding about this request: it is told by the rule, and by the scores that stand beside the decision. */
function behavesLike(name: BehaviorName, least: number): Matcher {
  return { holds: ({ behavior }, slack) => (behavior?.[name] ?? 0) + slack >= least, collect: noEvidence };
}

function checkSays(check: string, reason: string | undefined): Matcher {
  const matches = reasonMatcher(reason);
  const fits = (signal: Evidence) => signal.check === check && matches(signal.reason);
  return {
    holds: ({ signals }) => signals.some(fits),
    collect: ({ signals }, into) => {
      for (const signal of signals) if (fits(signal)) into.add(signal);
    },
  };
}

function reasonMatcher(pattern: string | undefined): (reason: string) => boolean {
  if (pattern === undefined) return () => true;
  if (!pattern.endsWith('*')) return (reason) => reason === pattern;
  const beginning = pattern.slice(0, -1);
  return (reason) => reason.startsWith(beginning);
}
