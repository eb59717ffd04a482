import type { Readership } from '../contracts/audience.ts';
import type { Decision, Obligations } from '../contracts/decision.ts';
import type { Finding } from '../contracts/finding.ts';
import { newId } from '../contracts/ids.ts';
import type { Submission } from '../contracts/submission.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { decisionLedgerBody } from '../policy/ledger-body.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import type { GenerationCase } from '../review/case-store.ts';
import type { DecisionWish, DecisionWrites } from '../review/decision-wish.ts';
import type { GenerationUpdate } from '../storage/act.ts';
import { withLedgerLeaf } from './decision-acts.ts';
import { occasionOf } from './occasion-of.ts';
import { refusalBy } from './outcome-of.ts';

export interface DecideReviewParts {
  readonly policy: Pick<CompiledPolicy, 'ref' | 'checks' | 'obligations'> & { readonly document: Pick<PolicyDocument, 'strikes'> };
  readonly instanceId: string;
  /** By surface, who looks at its pictures. */
  readonly readership?: Readonly<Record<string, Readership>>;
}

/** Of what stays inside nothing is asked. */
const NOTHING_LEAVES: Obligations = { credential: true, label: false, watermark: 'off' };

/** What a person's decision on a held generation rests on. */
export interface Reviewed {
  /** What was asked for, unsealed; null where nothing is let go. */
  readonly submission: Submission | null;
  readonly findings: readonly Finding[];
  /** The decision that held it asked for a visible label, which nobody's release takes off. */
  readonly isLabelAsked: boolean;
  /** The same of the model's strictest settings, of a prompt. */
  readonly isCareAsked: boolean;
}

/** The decision on the generation that a decision on its case makes. */
export function decisionFor(
  found: Pick<GenerationCase, 'id'>,
  wish: Pick<DecisionWish, 'decision' | 'staff'>,
  { submission, isLabelAsked, isCareAsked }: Reviewed,
  parts: DecideReviewParts,
): Decision {
  const occasion = submission === null ? null : occasionOf(submission, parts.readership);
  const isLabelled = isLabelAsked || wish.decision === 'label';
  return {
    id: newId('dec'),
    action: submission === null ? 'block' : 'allow',
    stage: 'review',
    policy: parts.policy.ref,
    rules: [],
    categories: [],
    obligations:
      occasion === null
        ? NOTHING_LEAVES
        : {
            ...parts.policy.obligations({ ...occasion, isLabelAsked: isLabelled }),
            credential: true,
            ...(isCareAsked ? { conservative: true as const } : {}),
          },
    decidedAt: new Date(),
    decidedBy: wish.staff === null ? { kind: 'policy' } : { kind: 'operator', keyId: wish.staff.id },
    caseId: found.id,
  };
}

/**
 * What a person's decision on a held generation writes: the decision and, for a block that takes effect at once, the end of the generation.
 */
export function reviewWrites(
  found: GenerationCase,
  { wish, reviewed, isNow }: { readonly wish: DecisionWish; readonly reviewed: Reviewed; readonly isNow: boolean },
  parts: DecideReviewParts,
): DecisionWrites {
  const decision = decisionFor(found, wish, reviewed, parts);
  const isLabel = wish.decision === 'label' && reviewed.submission !== null;
  const made: Decision = isLabel ? { ...decision, obligations: { ...decision.obligations, label: true } } : decision;
  // What is let go is moved on by whoever lets it go.
  const update = isNow && reviewed.submission === null ? stateChange(found, made, parts) : null;
  return {
    decision: made,
    rows: withLedgerLeaf({
      decision: {
        id: made.id,
        generation_id: found.generationId,
        stage: made.stage,
        action: made.action,
        policy: formatPolicyRef(made.policy),
        body: { ...made, findings: reviewed.findings },
        decided_at: made.decidedAt.toISOString(),
      },
      ...(update === null ? {} : { generationUpdate: update }),
    }),
    entry: {
      kind: 'decision.made',
      generation: found.generationId,
      decision: made.id,
      stage: 'review',
      ...decisionLedgerBody(made, parts.policy.checks),
    },
    isDone: update !== null,
  };
}

/** A block ends the generation; the release of a prompt starts it; null where `publish` makes the change. */
export function stateChange(
  { generationId: id, stage }: GenerationCase,
  decision: Decision,
  { instanceId }: Pick<DecideReviewParts, 'instanceId'>,
): GenerationUpdate | null {
  const common = { id, from: ['held' as const], intent_released: false };
  if (decision.action === 'block') return { ...common, state: 'refused', answer: refusalBy(decision) };
  return stage === 'prompt' ? { ...common, state: 'running', answer: null, owner: instanceId } : null;
}
