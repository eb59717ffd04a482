import { CATEGORIES } from '../contracts/category.ts';
import type { Check } from '../contracts/check.ts';
import { type Action, type Obligations, type PolicyRef, type RuleHit, strongest, type Verdict } from '../contracts/decision.ts';
import type { Tier } from '../contracts/end-user.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ParameterValue } from '../contracts/submission.ts';
import type { CheckInfo } from './cross-references.ts';
import type { CheckEntry, PolicyDocument } from './document.ts';
import { type Evaluation, trace } from './evaluation.ts';
import { type PolicyException, withExceptions } from './exceptions.ts';
import { type EvaluationInput, type Facts, gatherFacts } from './facts.ts';
import { floorOf } from './floors.ts';
import { asksForCare, asksForLabel, judge, type Program, type ReliedCheck, waitSecondsOf } from './judge.ts';
import { lapseGuards } from './lapse-guards.ts';
import { compileCondition } from './matcher.ts';
import { type Occasion, obligationsOf } from './obligations.ts';
import { type ClampResult, clampForTier } from './parameter-clamp.ts';
import { policyRefOf } from './policy-ref.ts';
import { compileThresholds } from './threshold-table.ts';
import { judgeUpload, type Situations, type UploadVerdict } from './uploads.ts';

/** A check that the policy relies on, with the policy's deadline or else its own. */
export interface PlannedCheck extends Pick<Check, 'id' | 'version' | 'looksAt' | 'categories'> {
  readonly deadlineMs: number;
  readonly whenFailed: CheckEntry['whenFailed'];
}

/** A policy that can decide. Everything here is pure: the same input gives the same answer. */
export interface CompiledPolicy {
  readonly ref: PolicyRef;
  readonly document: PolicyDocument;
  readonly checks: readonly PlannedCheck[];
  /** The verdict; the strongest action of everything that fired. Its categories are those of all rules that fired. */
  evaluate(input: EvaluationInput): Verdict;
  /** The verdict with all that led to it, for `explain`. Slower. */
  trace(input: EvaluationInput): Evaluation;
  /** What to do with a file that somebody wants to publish. */
  judgeUpload(situations: Situations): UploadVerdict;
  /** What a picture needs whatever was found, for a person's release. */
  obligations(occasion: Occasion): Obligations;
  /** Request parameters within the policy's limits, and what was changed. */
  clamp(parameters: Readonly<Record<string, ParameterValue>>, tier?: Tier): ClampResult;
}

interface CompileParts {
  readonly checks: readonly CheckInfo[];
  /** What boards have excepted, asked at every decision; left out, nothing. */
  readonly exceptions?: () => readonly PolicyException[];
}

/**
 * Makes a checked document ready. Throws POLICY_INVALID when it relies on a check that is not among `checks`. Floors
 * hold even for a document that never went through `checkPolicy`.
 */
export function compilePolicy(document: PolicyDocument, { checks, exceptions }: CompileParts): CompiledPolicy {
  const ref = policyRefOf(document);
  const planned = document.checks.map((entry) => plan(entry, checks));
  const program: Program = {
    checks: new Map([...lapseGuards(document), ...planned.map(relied)]),
    rules: document.rules.map((rule) => ({ rule, matcher: compileCondition(rule.when) })),
    thresholds: compileThresholds(document),
  };
  const required = planned.map(({ info: { id, looksAt } }) => ({ id, looksAt }));

  const verdictOf = (
    facts: Facts,
    { at, application, readership, isLabelAsked = false, isLabelWanted, unmarkable, stopped }: EvaluationInput,
  ): Verdict => {
    const judged = judge(program, facts);
    const excepted = exceptions?.().filter(({ digest }) => digest === ref.digest) ?? [];
    const rules = excepted.length === 0 ? judged : withExceptions(judged, excepted, { surface: facts.surface, application, at }, document);
    if (unmarkable !== undefined && document.obligations.watermark === 'required') rules.unshift(unmarkableHit(unmarkable));
    if (stopped !== undefined) rules.unshift(stoppedHit(stopped));
    const waitSeconds = waitSecondsOf(program, rules);
    return {
      action: rules.reduce<Action>((action, hit) => strongest(action, hit.action), 'allow'),
      policy: ref,
      rules,
      categories: CATEGORIES.filter((category) => rules.some((hit) => hit.categories.includes(category))),
      obligations: {
        ...(asksForCare(program, facts, rules) ? { conservative: true as const } : {}),
        ...(waitSeconds === 0 ? {} : { delaySeconds: waitSeconds }),
        ...obligationsOf(document.obligations, {
          surface: facts.surface,
          readership,
          isLabelAsked: isLabelAsked || asksForLabel(program, facts, rules),
          isLabelWanted,
          at,
        }),
      },
    };
  };
  return {
    ref,
    document,
    checks: planned.map(({ entry, info }) => ({
      id: info.id,
      // A promotion changes it while the policy stays in force.
      get version() {
        return info.version;
      },
      looksAt: info.looksAt,
      categories: info.categories,
      deadlineMs: entry.deadlineMs ?? info.deadlineMs,
      whenFailed: entry.whenFailed,
    })),
    evaluate: (input) => verdictOf(gatherFacts(input, required), input),
    trace: (input) => {
      const facts = gatherFacts(input, required);
      return trace(program, facts, verdictOf(facts, input));
    },
    judgeUpload: (situations) => judgeUpload(document.uploads, ref, situations),
    obligations: (occasion) => obligationsOf(document.obligations, occasion),
    clamp: (parameters, tier) => clampForTier(parameters, document, tier),
  };
}

function relied({ entry, info: { looksAt, categories } }: ReturnType<typeof plan>): [string, ReliedCheck] {
  return [entry.id, { entry, looksAt, categories, guardsFloor: categories.some((category) => floorOf(category) !== undefined) }];
}

/** Whoever relies on the mark gets a person's word instead, before anything leaves. */
function unmarkableHit(reasons: readonly string[]): RuleHit {
  const evidence = [...new Set(reasons)].map((reason) => ({ check: 'watermark', reason, score: 1 }));
  return { rule: 'obligation:watermark', action: 'hold', floor: false, categories: [], evidence };
}

/** What was made when a kill switch was thrown waits for a person, whatever the policy says. */
function stoppedHit(by: string): RuleHit {
  return { rule: 'kill-switch', action: 'hold', floor: true, categories: [], evidence: [{ check: 'kill-switch', reason: by, score: 1 }] };
}

function plan(entry: CheckEntry, checks: readonly CheckInfo[]) {
  const info = checks.find(({ id }) => id === entry.id);
  if (info === undefined)
    throw new ImprimaturError('POLICY_INVALID', { detail: `the policy relies on the check "${entry.id}", which is not installed` });
  return { entry, info };
}
