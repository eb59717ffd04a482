import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { type CaseId, newId, type StaffId } from '../contracts/ids.ts';
import { type Judgeable, type Outcome, submissionOf } from '../contracts/stages.ts';
import type { Journal } from '../ledger/journal.ts';
import { decisionLedgerBody } from '../policy/ledger-body.ts';
import type { GenerationUpdate } from '../storage/act.ts';
import type { Database } from '../storage/database.ts';
import { askedForCare } from './asked-for-care.ts';
import type { DecideReviewParts } from './decide-review.ts';
import { decisionRow, withLedgerLeaf } from './decision-acts.ts';
import { occasionOf } from './occasion-of.ts';
import { heldFor } from './outcome-of.ts';

interface Overturning {
  /** The case of the appeal. */
  readonly caseId: CaseId;
  readonly by: StaffId;
  /** Right in part: it leaves with a visible label. */
  readonly isLabelled: boolean;
}

interface OverturnParts extends DecideReviewParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
}

/**
 * A person's decision that a refusal was wrong. It lets the request run, or holds its pictures again so that they leave through `publish` like anything that
 * a person released. Asked again after a failure it decides anew, and the generation moves on once.
 * @throws ImprimaturError INTERNAL when the generation is neither refused nor held any more
 */
export async function overturn<Subject extends Judgeable>(
  refused: Subject,
  { caseId, by, isLabelled }: Overturning,
  parts: OverturnParts,
): Promise<Decided<Subject>> {
  const submission = submissionOf(refused);
  const obligations = parts.policy.obligations({ ...occasionOf(submission, parts.readership), isLabelAsked: isLabelled });
  const isCareAsked = refused.stage === 'prompt' && (await askedForCare(parts.db, submission.id));
  const decision: Decision = {
    id: newId('dec'),
    action: 'allow',
    stage: 'review',
    policy: parts.policy.ref,
    rules: [],
    categories: [],
    obligations: {
      ...obligations,
      credential: true,
      label: obligations.label || isLabelled,
      ...(isCareAsked ? { conservative: true as const } : {}),
    },
    decidedAt: new Date(),
    decidedBy: { kind: 'operator', keyId: by },
    caseId,
  };
  const decided = { ...refused, decision };
  const common = { id: submission.id, from: ['refused', 'held'] as const, intent_released: false };
  const generationUpdate: GenerationUpdate =
    refused.stage === 'prompt'
      ? { ...common, state: 'running', answer: null, owner: parts.instanceId }
      : { ...common, state: 'held', answer: heldFor(caseId, decision, refused.rendered) satisfies Outcome };
  await parts.db.transaction((tx) =>
    parts.journal.recordIn(tx, withLedgerLeaf({ decision: decisionRow(decided), generationUpdate }), [
      {
        kind: 'decision.made',
        generation: submission.id,
        decision: decision.id,
        stage: 'review',
        case: caseId,
        by: `operator:${by}`,
        ...decisionLedgerBody(decision, parts.policy.checks),
      },
    ]),
  );
  return decided;
}
