import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import type { Judgeable, Outcome, RefusalFacts, Rendered, RenderingFacts } from '../contracts/stages.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';

/** How the generation ended, for anything that was not cleared. */
export function outcomeOf(decided: Decided<Judgeable>): Outcome {
  const { decision } = decided;
  const refusal = refusalFacts(decision);
  if (decision.caseId === undefined || decision.action !== 'hold') return { kind: 'refused', refusal };
  return {
    kind: 'held',
    caseId: decision.caseId,
    refusal,
    rendering: decided.stage === 'prompt' ? null : renderingFacts(decided.rendered),
  };
}

function renderingFacts({ usage, modelVersion, details, notes, artifacts }: Rendered): RenderingFacts {
  return { usage, modelVersion, details, notes, revisedPrompts: artifacts.map(({ revisedPrompt }) => revisedPrompt ?? null) };
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
