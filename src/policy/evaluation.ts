import type { FusedRisk, NearMiss, Reasoning, Verdict } from '../contracts/decision.ts';
import { FAINT, fuse } from '../fusion/fuse.ts';
import { crossFloorStates } from './cross-floors.ts';
import type { Facts } from './facts.ts';
import { FLOORS } from './floors.ts';
import { actionOf, isAsked, type Program, thresholdRule } from './judge.ts';

/** A verdict with all that led to it. Holds codes and numbers; no text of a user. */
export interface Evaluation extends Reasoning {
  readonly verdict: Verdict;
  readonly facts: Facts;
  /** What the policy says about the rules that fired, in its own words. */
  readonly descriptions: ReadonlyMap<string, string>;
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
    risks: worthTelling(facts),
    crossFloors: crossFloorStates(facts, (check) => program.checks.get(check)),
    floors: FLOORS.map(({ category, score }) => ({ category, from: score, peak: facts.peaks.get(category) ?? null })),
  };
}

/** Below this a risk is what checks say about everything. */
const LEAST_RISK = 0.01;
/** A decision is stored for years. */
const MOST_CONTRIBUTIONS = 8;

/** What adds nothing is left out where it is faint, too. */
function worthTelling({ signals }: Facts): FusedRisk[] {
  return fuse(signals)
    .filter(({ risk }) => risk >= LEAST_RISK)
    .map(({ contributions, ...fused }) => ({
      ...fused,
      contributions: contributions.filter(({ added, score }) => added > 0 || score > FAINT).slice(0, MOST_CONTRIBUTIONS),
    }));
}

function nearRules({ rules }: Program, facts: Facts, fired: ReadonlySet<string>): NearMiss[] {
  return rules
    .filter(({ rule, matcher }) => !fired.has(rule.id) && isAsked(rule, facts) && !matcher.holds(facts, 0) && matcher.holds(facts, NEAR))
    .map(({ rule }) => ({ rule: rule.id, action: actionOf(rule), why: rule.description }));
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
