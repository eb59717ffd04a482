import type { Readership } from '../contracts/audience.ts';
import type { Action, Decision, RuleHit } from '../contracts/decision.ts';
import { type CaseId, newId } from '../contracts/ids.ts';
import type { Analyzed } from '../contracts/stages.ts';
import type { ActRows, EntryBody } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { decisionLedgerBody } from '../policy/ledger-body.ts';
import { decisionRow } from './decision-acts.ts';
import { occasionOf } from './occasion-of.ts';

export interface JudgeAgainParts {
  readonly policy: CompiledPolicy;
  /** By surface, who looks at its pictures. */
  readonly readership?: Readonly<Record<string, Readership>>;
}

/** Why something was stopped before; a person has seen it and decided all the same. */
export type KnownStop = Pick<RuleHit, 'rule' | 'action' | 'evidence'>;

interface Askers {
  /** Whether it is news to this question; absent: everything is. */
  readonly mayStop?: (hit: KnownStop) => boolean;
}

export interface JudgedAgain {
  readonly decision: Decision;
  /** Something stops the picture that nobody has decided about. */
  readonly isStopped: boolean;
  readonly row: NonNullable<ActRows['decision']>;
  readonly entry: EntryBody;
}

/**
 * What policy says of a picture that a person edited or let go, by what the checks say now. That for which it was held does not stop it again: the person knew it
 * when they let it go. Whatever else would hold or block it does, a check that cannot tell any more, too.
 */
export function judgeAgain(
  analyzed: Analyzed,
  known: readonly KnownStop[],
  caseId: CaseId,
  { policy, readership, mayStop = () => true }: JudgeAgainParts & Askers,
): JudgedAgain {
  const { submission, promptFindings, isLabelAsked, artifacts } = analyzed.rendered;
  const { verdict, risks, nearly, floors, crossFloors } = policy.trace({
    stage: 'output',
    findings: analyzed.findings,
    earlier: promptFindings,
    expected: analyzed.expected,
    operation: submission.request.operation,
    at: new Date(),
    isLabelAsked,
    ...occasionOf(submission, readership),
  });
  const decision: Decision = {
    ...verdict,
    id: newId('dec'),
    stage: 'output',
    decidedAt: new Date(),
    decidedBy: { kind: 'policy' },
    caseId,
    reasoning: { risks, nearly, floors, crossFloors },
  };
  const seen = new Set(known.flatMap(stopsOf));
  const isStopped =
    stops(verdict.action) &&
    verdict.rules
      .filter(mayStop)
      .flatMap(stopsOf)
      .some((one) => !seen.has(one));
  const row = decisionRow({ ...analyzed, decision });
  const entry: EntryBody = {
    kind: 'decision.made',
    generation: submission.id,
    decision: decision.id,
    stage: decision.stage,
    by: 'policy',
    case: caseId,
    artifacts: artifacts.map(({ id }) => id),
    ...decisionLedgerBody(decision, policy.checks, analyzed.versions),
  };
  return { decision, isStopped, row, entry };
}

const stops = (action: Action): boolean => action === 'hold' || action === 'block';

/** Rule, strength, and who says so: another check that says the same is news. */
function stopsOf({ rule, action, evidence }: KnownStop): readonly string[] {
  if (!stops(action)) return [];
  return [`${rule} ${action}`, ...evidence.map(({ check }) => `${rule} ${action} ${check}`)];
}
