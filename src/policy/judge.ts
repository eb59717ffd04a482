import { CATEGORIES } from '../contracts/category.ts';
import type { Check } from '../contracts/check.ts';
import { ACTIONS, type Action, type Evidence, type RuleHit } from '../contracts/decision.ts';
import { bothOf, lackingOf, type UserRequirement } from '../contracts/end-user.ts';
import { crossFloorsMet } from './cross-floors.ts';
import type { CheckEntry, Rule } from './document.ts';
import type { Facts, Failure } from './facts.ts';
import { FLOORS } from './floors.ts';
import { evidenceFor, type Matcher } from './matcher.ts';
import type { ThresholdRow, ThresholdTable } from './threshold-table.ts';

/** A check that the policy relies on, as installed. `guardsFloor`: it looks for a category that has a floor. */
export interface ReliedCheck extends Pick<Check, 'looksAt' | 'categories'> {
  readonly entry: CheckEntry;
  readonly guardsFloor: boolean;
}

/** A policy, ready to be asked. */
export interface Program {
  readonly checks: ReadonlyMap<string, ReliedCheck>;
  readonly rules: readonly { readonly rule: Rule; readonly matcher: Matcher }[];
  readonly thresholds: ThresholdTable;
}

/** Enough to see why; a prompt can carry a thousand signals, and a decision is stored for years. */
const MAX_EVIDENCE = 8;

/** Every rule, threshold and floor that fires, the strongest action first. */
export function judge(program: Program, facts: Facts): RuleHit[] {
  const hits = [
    ...floorHits(facts),
    ...crossFloorHits(program, facts),
    ...failureHits(program, facts),
    ...abstentionHits(program, facts),
    ...ruleHits(program, facts),
  ];
  for (const row of program.thresholds(facts.surface)) {
    const peak = facts.peaks.get(row.category);
    if (peak === undefined) continue;
    const hit = thresholdHit(facts, row, peak);
    if (hit !== undefined) hits.push(hit);
    if (wantsCare(facts, row)) hits.push(careHit(facts, row));
  }
  return hits.sort((a, b) => ACTIONS.indexOf(b.action) - ACTIONS.indexOf(a.action));
}

/** Whether any threshold or rule asks for a visible label, also where a stronger action hides that. */
export function asksForLabel(program: Program, facts: Facts, hits: readonly RuleHit[]): boolean {
  if (hits.some(({ action }) => action === 'label')) return true;
  return program.thresholds(facts.surface).some(({ category, label }) => label !== undefined && (facts.peaks.get(category) ?? 0) >= label);
}

/** The id under which a threshold stands in verdicts and cases, such as `threshold:hate:block`. */
export function thresholdRule({ category, isListed }: ThresholdRow, action: Action): string {
  return isListed ? `threshold:${category}:${action}` : `unlisted:${category}:${action}`;
}

/** A rule belongs to this stage. */
export function isAsked({ stage }: Rule, facts: Facts): boolean {
  return stage === 'both' || stage === facts.stage;
}

function levelReached({ label, hold, block }: ThresholdRow, peak: number): { action: Action; from: number } | undefined {
  if (block !== undefined && peak >= block) return { action: 'block', from: block };
  if (hold !== undefined && peak >= hold) return { action: 'hold', from: hold };
  return label !== undefined && peak >= label ? { action: 'label', from: label } : undefined;
}

function thresholdHit(facts: Facts, row: ThresholdRow, peak: number): RuleHit | undefined {
  const reached = levelReached(row, peak);
  if (reached === undefined) return undefined;
  const signals = evidenceFor(facts, row.category, reached.from);
  return signalHit({ rule: thresholdRule(row, reached.action), action: reached.action, floor: false }, signals);
}

function floorHits(facts: Facts): RuleHit[] {
  return FLOORS.filter(({ category, score }) => (facts.peaks.get(category) ?? 0) >= score).map(({ rule, category, score }) =>
    signalHit({ rule, action: 'block', floor: true }, evidenceFor(facts, category, score)),
  );
}

function crossFloorHits({ checks }: Program, facts: Facts): RuleHit[] {
  return crossFloorsMet(facts, (check) => checks.get(check)).map(({ rule, category, signals, failures }) => {
    const hit = signalHit({ rule, action: 'block', floor: true }, signals);
    return {
      ...hit,
      categories: CATEGORIES.filter((one) => one === category || hit.categories.includes(one)),
      evidence: [...hit.evidence, ...failureEvidence(failures)],
    };
  });
}

/** Could not tell is at least a hold, for every check, listed or not; a policy can only make it a block. */
function failureHits({ checks }: Program, { failures }: Facts): RuleHit[] {
  return [...new Set(failures.map(({ check }) => check))].map((check) => {
    const relied = checks.get(check);
    return {
      rule: `failed:${check}`,
      action: relied?.entry.whenFailed ?? 'hold',
      floor: relied?.guardsFloor ?? true,
      categories: [],
      evidence: failureEvidence(failures.filter((failure) => failure.check === check)),
    };
  });
}

/** A check that could not tell counts as the worst that it could have said. */
function failureEvidence(failures: readonly Failure[]): RuleHit['evidence'] {
  const distinct = new Map(failures.map((failure) => [`${failure.check} ${failure.cause}`, failure]));
  return [...distinct.values()].map(({ check, cause }) => ({ check, reason: `failed:${cause}`, score: 1 }));
}

function abstentionHits({ checks }: Program, { abstentions }: Facts): RuleHit[] {
  return [...new Set(abstentions.map(({ check }) => check))].flatMap((check) => {
    const action = checks.get(check)?.entry.whenAbstained;
    if (action === undefined) return [];
    const reasons = new Set(abstentions.filter((abstention) => abstention.check === check).map(({ reason }) => reason));
    const evidence = [...reasons].slice(0, MAX_EVIDENCE).map((reason) => ({ check, reason, score: 1 }));
    return [{ rule: `abstained:${check}`, action, floor: false, categories: [], evidence }];
  });
}

function ruleHits({ rules }: Program, facts: Facts): RuleHit[] {
  const hits: RuleHit[] = [];
  for (const { rule, matcher } of rules) {
    if (!isAsked(rule, facts) || !matcher.holds(facts, 0)) continue;
    const required = requirementOf(rule);
    const lacking = required === undefined ? undefined : lackingOf(required, facts.user, facts.at);
    if (lacking !== undefined && Object.keys(lacking).length === 0) continue;
    const signals = signalsFor(matcher, facts);
    // What an earlier stage says without this one was decided there, perhaps by a person.
    if (signals.length > 0 && signals.every(({ isEarlier }) => isEarlier)) continue;
    const hit = signalHit({ rule: rule.id, action: actionOf(rule), floor: false }, signals);
    hits.push(lacking === undefined ? hit : { ...hit, lacking });
  }
  return hits;
}

function signalsFor(matcher: Matcher, facts: Facts): readonly Evidence[] {
  const found = new Set<Evidence>();
  matcher.collect(facts, found);
  return found.size === 0 ? [] : facts.signals.filter((signal) => found.has(signal));
}

/** What is made with care, or after a wait, is allowed; that is an obligation. Whoever cannot be verified is refused. */
export function actionOf({ action }: Rule): Action {
  if (action === 'step_up') return 'block';
  return action === 'conservative' || action === 'slow' ? 'allow' : action;
}

const VERIFIED: UserRequirement = { verified: true };

/** What lets an end user pass the rule. */
function requirementOf({ action, requires }: Rule): UserRequirement | undefined {
  if (action !== 'step_up') return requires;
  return requires === undefined ? VERIFIED : bothOf(requires, VERIFIED);
}

/** Whether a rule or threshold that was met asks for the model's strictest settings. */
export function asksForCare({ rules, thresholds }: Program, facts: Facts, hits: readonly RuleHit[]): boolean {
  return (
    hits.some((hit) => rules.some(({ rule }) => rule.id === hit.rule && rule.action === 'conservative')) ||
    thresholds(facts.surface).some((row) => wantsCare(facts, row))
  );
}

/** Pictures are there already. */
function wantsCare({ stage, peaks }: Facts, { category, conservative }: ThresholdRow): boolean {
  return stage === 'prompt' && conservative !== undefined && (peaks.get(category) ?? 0) >= conservative;
}

function careHit(facts: Facts, row: ThresholdRow): RuleHit {
  const signals = evidenceFor(facts, row.category, row.conservative ?? 1);
  const rule = row.isListed ? `threshold:${row.category}:conservative` : `unlisted:${row.category}:conservative`;
  return signalHit({ rule, action: 'allow', floor: false }, signals);
}

const WAIT_SECONDS = 5;

/** The longest wait that a rule asks for which fired; 0: none. */
export function waitSecondsOf({ rules }: Program, hits: readonly RuleHit[]): number {
  const slow = rules.filter(({ rule }) => rule.action === 'slow' && hits.some((hit) => hit.rule === rule.id));
  return Math.max(0, ...slow.map(({ rule }) => rule.seconds ?? WAIT_SECONDS));
}

/** A hit on signals that stand in order, the highest score first. */
function signalHit(fired: Pick<RuleHit, 'rule' | 'action' | 'floor'>, signals: readonly Evidence[]): RuleHit {
  return {
    ...fired,
    categories: CATEGORIES.filter((category) => signals.some((signal) => signal.category === category)),
    evidence: signals.slice(0, MAX_EVIDENCE).map(({ check, reason, score, subject }) => ({ check, reason, score, subject })),
  };
}
