import type { Readership } from '../contracts/audience.ts';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { LooksAt } from '../contracts/check.ts';
import { type FailureCause, type Finding, isSameSubject, type Signal, type SubjectRef } from '../contracts/finding.ts';
import type { ExpectedFinding } from '../contracts/stages.ts';
import type { Operation } from '../contracts/submission.ts';

/** All that policy sees of a generation. No text and no picture. */
export interface EvaluationInput {
  readonly stage: 'prompt' | 'output';
  readonly surface: string;
  readonly operation: Operation;
  readonly findings: readonly Finding[];
  /** What must have been said; whatever is not among `findings` counts as a failed check. */
  readonly expected: readonly ExpectedFinding[];
  /** Now, for exceptions that run out. Without it no exception holds. */
  readonly at?: Date;
  /** Who looks at the pictures of the surface. */
  readonly readership?: Readership;
  /** An earlier decision on the same generation asked for a visible label. */
  readonly isLabelAsked?: boolean;
  /** The caller asked for a visible label. */
  readonly isLabelWanted?: boolean;
  /** Why pictures could not bear an invisible mark; absent when they could, or nobody has tried. */
  readonly unmarkable?: readonly [string, ...string[]];
}

/** One signal and who gave it. */
export interface Evidence {
  readonly check: string;
  readonly category: Category;
  readonly reason: string;
  readonly score: number;
}

/** The findings of one evaluation, sorted for questions. */
export interface Facts {
  readonly stage: 'prompt' | 'output';
  readonly surface: string;
  readonly operation: Operation;
  /** Signals with a score above 0, the highest first. */
  readonly signals: readonly Evidence[];
  /** The highest score of each category that was named with a score above 0. */
  readonly peaks: ReadonlyMap<Category, number>;
  readonly failures: readonly { readonly check: string; readonly cause: FailureCause }[];
  readonly abstentions: readonly { readonly check: string; readonly reason: string }[];
}

interface RequiredCheck {
  readonly id: string;
  readonly looksAt: readonly LooksAt[];
}

const KNOWN_CATEGORIES: ReadonlySet<string> = new Set(CATEGORIES);

/** Sorts findings. A score that is no number from 0 to 1 makes its check a failed one, and still counts for what it is. */
export function gatherFacts(input: EvaluationInput, required: readonly RequiredCheck[]): Facts {
  const facts: Gathering = { signals: [], peaks: new Map(), failures: [], abstentions: [] };
  for (const finding of input.findings) addFinding(finding, facts);
  for (const { check } of unanswered(input, required)) facts.failures.push({ check, cause: 'missing' });
  facts.signals.sort((a, b) => b.score - a.score);
  const { stage, surface, operation } = input;
  return { stage, surface, operation, ...facts };
}

interface Gathering {
  readonly signals: Evidence[];
  readonly peaks: Map<Category, number>;
  readonly failures: Facts['failures'][number][];
  readonly abstentions: Facts['abstentions'][number][];
}

function addFinding(finding: Finding, { signals, peaks, failures, abstentions }: Gathering): void {
  const { check } = finding;
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
    if (!(score > 0)) continue;
    signals.push({ check, category, reason, score });
    peaks.set(category, Math.max(score, peaks.get(category) ?? 0));
  }
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
