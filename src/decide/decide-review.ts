import type { Readership } from '../contracts/audience.ts';
import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { type CaseId, type KeyId, newId } from '../contracts/ids.ts';
import { type Judgeable, submissionOf } from '../contracts/stages.ts';
import type { Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { decisionLedgerBody } from '../policy/ledger-body.ts';
import { askedForLabel, closeCase, lockCase } from '../review/case-store.ts';
import type { Database } from '../storage/database.ts';
import { decisionRow, withLedgerLeaf } from './decision-acts.ts';
import { occasionOf } from './occasion-of.ts';
import { outcomeOf } from './outcome-of.ts';

export interface ReviewParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly policy: Pick<CompiledPolicy, 'ref' | 'checks' | 'obligations'>;
  readonly instanceId: string;
  /** By surface, who looks at its pictures. */
  readonly readership?: Readonly<Record<string, Readership>>;
}

export interface ReviewVerdict {
  readonly caseId: CaseId;
  readonly action: 'release' | 'block';
  readonly operator: KeyId | 'local';
}

/**
 * A person's decision on a held generation: decision, case, state of the generation and ledger entry in one transaction.
 * A release that was decided but whose publication failed may be repeated; nothing else may be decided twice.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN
 */
export async function decideReview<Subject extends Judgeable>(
  held: Subject,
  verdict: ReviewVerdict,
  parts: ReviewParts,
): Promise<Decided<Subject>> {
  const { caseId, action, operator } = verdict;
  const isLabelAsked = await askedForLabel(parts.db, caseId);
  const decision: Decision = {
    id: newId('dec'),
    action: action === 'release' ? 'allow' : 'block',
    stage: 'review',
    policy: parts.policy.ref,
    rules: [],
    categories: [],
    obligations: { ...parts.policy.obligations({ ...occasionOf(submissionOf(held), parts.readership), isLabelAsked }), credential: true },
    decidedAt: new Date(),
    decidedBy: { kind: 'operator', keyId: operator },
    caseId,
  };
  const decided = { ...held, decision };
  await parts.db.transaction(async (tx) => {
    const found = await lockCase(tx, caseId);
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    const mayRepeat = found.state === 'released' && action === 'release';
    if (found.state !== 'open' && !mayRepeat) throw new ImprimaturError('CASE_NOT_OPEN');
    await closeCase(tx, caseId, action === 'release' ? 'released' : 'blocked', operator);
    await parts.journal.recordIn(tx, withLedgerLeaf({ decision: decisionRow(decided), ...stateChange(decided, parts) }), [
      {
        kind: 'decision.made',
        generation: submissionOf(held).id,
        decision: decision.id,
        stage: 'review',
        by: `operator:${operator}`,
        case: caseId,
        ...decisionLedgerBody(decision, parts.policy.checks),
      },
    ]);
  });
  return decided;
}

/** A block ends the generation; the release of a prompt starts it; the release of a picture leaves the change to `publish`. */
function stateChange(decided: Decided<Judgeable>, { instanceId }: ReviewParts) {
  const { id } = submissionOf(decided);
  const common = { id, from: ['held' as const], intent_released: false };
  if (decided.decision.action === 'block')
    return { generationUpdate: { ...common, state: 'refused' as const, answer: outcomeOf(decided) } };
  return decided.stage === 'prompt' ? { generationUpdate: { ...common, state: 'running' as const, answer: null, owner: instanceId } } : {};
}
