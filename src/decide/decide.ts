import type { Readership } from '../contracts/audience.ts';
import type { Cleared, Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { newId } from '../contracts/ids.ts';
import { type Judgeable, submissionOf } from '../contracts/stages.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Queues } from '../review/queues.ts';
import { decisionActs, withLedgerLeaf } from './decision-acts.ts';
import { occasionOf } from './occasion-of.ts';

export interface DecideParts {
  readonly policy: CompiledPolicy;
  readonly journal: Journal;
  readonly evidence: EvidenceStore;
  /** This process, as `instances` knows it. */
  readonly instanceId: string;
  /** By surface, who looks at its pictures. */
  readonly readership?: Readonly<Record<string, Readership>>;
  /** Where cases wait; absent: the shipped queues. */
  readonly queues?: Queues;
  /** Keyed digest of what a prompt says once tricks are undone, so that cases about the same words are found. */
  readonly promptDigest?: (prompt: string) => string;
  /** Keyed digest of an end user, so that cases about one person are found without the platform's name for them. */
  readonly userDigest?: (application: string, user: string) => string;
}

/**
 * Findings → decision, written down. Runs twice: before anything is paid for, and before anybody sees the result. The
 * decision, the state of the generation, the case that a hold opens and the ledger entry are one commit; when that
 * commit fails, this rejects and nothing goes on.
 */
export async function decide<Subject extends Judgeable>(judged: Subject, parts: DecideParts): Promise<Decided<Subject>> {
  const submission = submissionOf(judged);
  const { verdict, risks, nearly, floors, crossFloors } = parts.policy.trace({
    stage: judged.stage,
    findings: judged.findings,
    earlier: judged.stage === 'output' ? judged.rendered.promptFindings : [],
    expected: judged.expected,
    operation: submission.request.operation,
    at: new Date(),
    isLabelAsked: judged.stage === 'output' && judged.rendered.isLabelAsked,
    ...(judged.stage === 'output' && judged.unmarkable !== undefined ? { unmarkable: judged.unmarkable } : {}),
    ...(judged.stage === 'output' && judged.stopped !== undefined ? { stopped: judged.stopped } : {}),
    ...(judged.stage === 'prompt' && judged.behavior !== undefined ? { behavior: judged.behavior } : {}),
    ...occasionOf(submission, parts.readership),
  });
  const decision: Decision = {
    ...verdict,
    id: newId('dec'),
    stage: judged.stage,
    decidedAt: new Date(),
    decidedBy: { kind: 'policy' },
    reasoning: { risks, nearly, floors, crossFloors },
    ...(verdict.action === 'hold' && !isPartial(judged) ? { caseId: newId('case') } : {}),
  };
  const decided = { ...judged, decision };
  const { rows, entries } = await decisionActs(decided, parts);
  await parts.journal.record(withLedgerLeaf(rows), entries);
  return decided;
}

/** The one door to `generate` and `publish`. */
export function isCleared<Subject>(decided: Decided<Subject>): decided is Cleared<Subject> {
  return decided.decision.action === 'allow' || decided.decision.action === 'label';
}

/** A partial frame that policy wants a person to see stays inside; the end result is judged on its own. */
export function isWithheldFrame(decided: Decided<Judgeable>): boolean {
  return isPartial(decided) && decided.decision.action === 'hold';
}

function isPartial(judged: Judgeable): boolean {
  return judged.stage === 'output' && judged.rendered.frame.kind === 'partial';
}
