import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import type { Judgeable, Outcome, RefusalFacts } from '../contracts/stages.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';

/** How the generation ended, for anything that was not cleared. */
export function outcomeOf({ decision }: Decided<Judgeable>): Outcome {
  const refusal = refusalFacts(decision);
  return decision.caseId === undefined ? { kind: 'refused', refusal } : { kind: 'held', caseId: decision.caseId, refusal };
}

function refusalFacts(decision: Decision): RefusalFacts {
  return {
    decisionId: decision.id,
    stage: decision.stage,
    categories: decision.categories,
    policy: formatPolicyRef(decision.policy),
    by: decision.decidedBy.kind,
  };
}
