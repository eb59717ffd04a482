import type { Category } from '../contracts/category.ts';
import type { Action, Verdict } from '../contracts/decision.ts';
import type { Facts } from './facts.ts';
import { FLOORS } from './floors.ts';
import { isAsked, type Program, thresholdRule } from './judge.ts';

/** A rule or threshold that would have fired, had every score been `NEAR` higher. */
export interface NearMiss {
  readonly rule: string;
  readonly action: Action;
  readonly why: string;
}

/** How far a floor was from firing. `peak` is the highest score seen, null when no check named the category. */
export interface FloorState {
  readonly category: Category;
  readonly from: number;
  readonly peak: number | null;
}

/** A verdict with all that led to it. Holds codes and numbers; no text of a user. */
export interface Evaluation {
  readonly verdict: Verdict;
  readonly facts: Facts;
  /** What the policy says about the rules that fired, in its own words. */
  readonly descriptions: ReadonlyMap<string, string>;
  readonly nearly: readonly NearMiss[];
  readonly floors: readonly FloorState[];
}

/** Calibration of our checks is no finer than this, so a reviewer should know. */
const NEAR = 0.1;

/** Adds to a verdict what a person needs to understand it. */
export function trace(program: Program, facts: Facts, verdict: Verdict): Evaluation {
  const fired = new Set(verdict.rules.map(({ rule }) => rule));
  return {
    verdict,
    facts,
    descriptions: new Map(program.rules.map(({ rule }) => [rule.id, rule.description])),
    nearly: [...nearRules(program, facts, fired), ...nearThresholds(program, facts)],
    floors: FLOORS.map(({ category, score }) => ({ category, from: score, peak: facts.peaks.get(category) ?? null })),
  };
}

function nearRules({ rules }: Program, facts: Facts, fired: ReadonlySet<string>): NearMiss[] {
  return rules
    .filter(({ rule, matcher }) => !fired.has(rule.id) && isAsked(rule, facts) && matcher.holds(facts, NEAR))
    .map(({ rule }) => ({ rule: rule.id, action: rule.action, why: rule.description }));
}

function nearThresholds({ thresholds }: Program, facts: Facts): NearMiss[] {
  return thresholds(facts.surface).flatMap((row) => {
    const peak = facts.peaks.get(row.category);
    if (peak === undefined) return [];
    const levels = [
      ['label', row.label],
      ['hold', row.hold],
      ['block', row.block],
    ] as const;
    return levels.flatMap(([action, from]) =>
      from === undefined || peak >= from || peak + NEAR < from
        ? []
        : [{ rule: thresholdRule(row, action), action, why: `${row.category} ${peak.toFixed(2)}, ${action} begins at ${from.toFixed(2)}` }],
    );
  });
}
