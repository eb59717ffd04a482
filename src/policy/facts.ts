import type { Readership } from '../contracts/audience.ts';
import type { BehaviorScores } from '../contracts/behavior-scores.ts';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { LooksAt } from '../contracts/check.ts';
import type { Evidence } from '../contracts/decision.ts';
import type { EndUser } from '../contracts/end-user.ts';
import { type FailureCause, type Finding, isSameSubject, type Signal, type SubjectRef } from '../contracts/finding.ts';
import type { ExpectedFinding } from '../contracts/stages.ts';
import type { Operation } from '../contracts/submission.ts';
import { FAINT, fusedPeaks } from '../fusion/fuse.ts';

/** All that policy sees of a generation. No text and no picture. */
export interface EvaluationInput {
  readonly stage: 'prompt' | 'output';
  readonly surface: string;
  /** Whose key asks, for exceptions that boards gave to one application. */
  readonly application?: string;
  readonly operation: Operation;
  readonly findings: readonly Finding[];
  /**
   * What was found at the earlier stages of the same generation. It was decided on then, so it decides nothing by itself any more:
   * it strengthens what this stage finds, and counts for the floors.
   */
  readonly earlier?: readonly Finding[];
  /** What must have been said; whatever is not among `findings` counts as a failed check. */
  readonly expected: readonly ExpectedFinding[];
  /** Now, for exceptions that run out. Without it no exception holds. */
  readonly at?: Date;
  /** Whom the platform vouches for. */
  readonly user?: EndUser;
  /** Who looks at the pictures of the surface. */
  readonly readership?: Readership;
  /** An earlier decision on the same generation asked for a visible label. */
  readonly isLabelAsked?: boolean;
  /** The caller asked for a visible label. */
  readonly isLabelWanted?: boolean;
  /** Why pictures could not bear an invisible mark; absent when they could, or nobody has tried. */
  readonly unmarkable?: readonly [string, ...string[]];
  /** How the account behaved before; absent where nobody says which end user asks. */
  readonly behavior?: BehaviorScores;
  /** The kill switch that stops the picture from leaving. */
  readonly stopped?: string;
}

/** A check that could not tell. */
export interface Failure {
  readonly check: string;
  readonly cause: FailureCause;
}

/** The findings of one evaluation, sorted for questions. */
export interface Facts {
  readonly stage: 'prompt' | 'output';
  readonly surface: string;
  readonly operation: Operation;
  readonly user: EndUser | undefined;
  readonly behavior: BehaviorScores | undefined;
  readonly at: Date;
  /** Signals with a score above 0, the highest first; those of earlier stages among them. */
  readonly signals: readonly Evidence[];
  /** What is left to decide: the fused risk of each category of which this stage itself says something. */
  readonly peaks: ReadonlyMap<Category, number>;
  /** The fused risk of each category that was named at any stage. */
  readonly risks: ReadonlyMap<Category, number>;
  readonly failures: readonly Failure[];
  readonly earlierFailures: readonly Failure[];
  readonly abstentions: readonly { readonly check: string; readonly reason: string }[];
}

interface RequiredCheck {
  readonly id: string;
  readonly looksAt: readonly LooksAt[];
}

/** The end of time: whatever must be recent is not. */
const NOBODY_KNOWS_WHEN = new Date(8.64e15);

const KNOWN_CATEGORIES: ReadonlySet<string> = new Set(CATEGORIES);

/** Sorts findings. A score that is no number from 0 to 1 makes its check a failed one, and still counts for what it is. */
export function gatherFacts(input: EvaluationInput, required: readonly RequiredCheck[]): Facts {
  const { stage, surface, operation, earlier = [] } = input;
  const now: Gathering = { signals: [], failures: [], abstentions: [], isEarlier: false };
  for (const finding of input.findings) addFinding(finding, now);
  for (const { check } of unanswered(input, required)) now.failures.push({ check, cause: 'missing' });
  const before: Gathering = { signals: [], failures: [], abstentions: [], isEarlier: true };
  for (const finding of earlier) addFinding(finding, before);
  const signals = [...now.signals, ...before.signals].sort((a, b) => b.score - a.score);
  const weighed = weigh(now.signals, before.signals);
  return {
    stage,
    surface,
    operation,
    user: input.user,
    behavior: input.behavior,
    at: input.at ?? NOBODY_KNOWS_WHEN,
    signals,
    ...weighed,
    failures: now.failures,
    earlierFailures: before.failures,
    abstentions: now.abstentions,
  };
}

interface Gathering {
  readonly signals: Evidence[];
  readonly failures: Failure[];
  readonly abstentions: Facts['abstentions'][number][];
  readonly isEarlier: boolean;
}

function addFinding(finding: Finding, { signals, failures, abstentions, isEarlier }: Gathering): void {
  const { check, subject } = finding;
  if (finding.kind === 'abstained') {
    abstentions.push({ check, reason: finding.reason });
    return;
  }
  if (finding.kind !== 'signals') {
    failures.push({ check, cause: finding.cause });
    return;
  }
  for (const signal of finding.signals) {
    const { category, reason, score } = signal;
    if (!isSound(signal)) failures.push({ check, cause: 'garbled' });
    if (score > 0) signals.push({ check, category, reason, score, subject, isEarlier });
  }
}

/** Most evaluations are of a prompt alone, thousands a second: words are one family, so the highest score is the risk. */
function weigh(now: readonly Evidence[], before: readonly Evidence[]): Pick<Facts, 'peaks' | 'risks'> {
  if (before.length === 0 && now.every(({ subject }) => subject.kind === 'prompt')) {
    const peaks = highest(now);
    return { peaks, risks: peaks };
  }
  const own = fusedPeaks(now);
  if (before.length === 0) return { peaks: own, risks: own };
  const risks = fusedPeaks([...now, ...before]);
  // What the pictures hardly show is not made a reason by the words alone, which were decided on before.
  const peaks = new Map([...own].map(([category, peak]) => [category, peak > FAINT ? (risks.get(category) ?? peak) : peak]));
  return { peaks, risks };
}

function highest(signals: readonly Evidence[]): Map<Category, number> {
  const peaks = new Map<Category, number>();
  for (const { category, score } of signals) peaks.set(category, Math.max(score, peaks.get(category) ?? 0));
  return peaks;
}

function isSound({ score, category }: Signal): boolean {
  return score >= 0 && score <= 1 && KNOWN_CATEGORIES.has(category);
}

/** What the caller expects, and what the policy's own checks owe for everything that this stage must have looked at. */
export function unanswered(input: EvaluationInput, required: readonly RequiredCheck[]): ExpectedFinding[] {
  const missing: ExpectedFinding[] = [];
  // Lists of a handful: comparing costs less than making keys for a set.
  const demand = (check: string, subject: SubjectRef) => {
    const isSame = (one: ExpectedFinding) => one.check === check && isSameSubject(one.subject, subject);
    if (!input.findings.some(isSame) && !missing.some(isSame)) missing.push({ check, subject });
  };
  for (const { check, subject } of input.expected) demand(check, subject);
  const subjects = subjectsOf(input);
  for (const { id, looksAt } of required) {
    for (const subject of subjects) if (looksAt.includes(subject.kind)) demand(id, subject);
  }
  return missing;
}

/**
 * What a stage must have looked at: whatever anybody mentions, and at least the prompt (a variation has none), one input
 * image of an edit or variation, one artifact of an output. So an empty list of findings can never pass.
 */
function subjectsOf({ stage, operation, findings, expected }: EvaluationInput): SubjectRef[] {
  const subjects: SubjectRef[] = [];
  const mention = ({ subject }: { readonly subject: SubjectRef }) => {
    if ((subject.kind === 'artifact') !== (stage === 'output')) return;
    if (!subjects.some((one) => isSameSubject(one, subject))) subjects.push(subject);
  };
  findings.forEach(mention);
  expected.forEach(mention);
  const lacks = (kind: LooksAt) => subjects.every((subject) => subject.kind !== kind);
  if (stage === 'output') return lacks('artifact') ? [{ kind: 'artifact', index: 0 }] : subjects;
  if (operation !== 'variation' && lacks('prompt')) subjects.push({ kind: 'prompt' });
  if (operation !== 'generate' && lacks('input_image')) subjects.push({ kind: 'input_image', index: 0 });
  return subjects;
}
