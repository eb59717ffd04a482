import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { bothOf, type UserRequirement } from '../contracts/end-user.ts';
import type { CaseId } from '../contracts/ids.ts';
import type { Judgeable, Outcome, RefusalFacts, Rendered, RenderingFacts } from '../contracts/stages.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';

/** How the generation ended, for anything that was not cleared. */
export function outcomeOf(decided: Decided<Judgeable>): Outcome {
  const { decision } = decided;
  if (decision.caseId === undefined || decision.action !== 'hold') return refusalBy(decision);
  return heldFor(decision.caseId, decision, decided.stage === 'prompt' ? null : decided.rendered);
}

/** That a person has to look first, with what a release will need. */
export function heldFor(caseId: CaseId, decision: Decision, rendered: Rendered | null): Outcome {
  return { kind: 'held', caseId, refusal: refusalFacts(decision), rendering: rendered === null ? null : renderingFacts(rendered) };
}

/** How a generation ended that was blocked. */
export function refusalBy(decision: Decision): Outcome {
  return { kind: 'refused', refusal: refusalFacts(decision) };
}

function renderingFacts({ madeBy, usage, modelVersion, details, notes, artifacts }: Rendered): RenderingFacts {
  return {
    ...(madeBy === undefined ? {} : { madeBy }),
    usage,
    modelVersion,
    details,
    notes,
    revisedPrompts: artifacts.map(({ revisedPrompt }) => revisedPrompt ?? null),
  };
}

function refusalFacts(decision: Decision): RefusalFacts {
  return {
    decisionId: decision.id,
    stage: decision.stage,
    categories: decision.categories,
    policy: formatPolicyRef(decision.policy),
    by: decision.decidedBy.kind,
    ...wouldHelp(decision),
  };
}

/** What the end user could bring, if that alone would do: where any other rule stops the request, nothing of theirs helps. */
function wouldHelp({ rules }: Decision): Pick<RefusalFacts, 'wouldHelp'> {
  const lacking = rules.filter(({ action }) => action === 'hold' || action === 'block').map((hit) => hit.lacking);
  if (lacking.length === 0 || lacking.includes(undefined)) return {};
  return { wouldHelp: lacking.reduce<UserRequirement>((all, one) => bothOf(all, one ?? {}), {}) };
}
