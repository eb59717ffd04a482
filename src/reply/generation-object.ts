import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/stages.ts';
import type { GenerationState } from '../storage/act.ts';
import { type AnswerContext, outcomeAnswer } from './error-answer.ts';
import type { LinkTo } from './images-answer.ts';

/** What the native API says about a generation: poll answer, event data and the 202 of an asynchronous request. */
export interface GenerationObject {
  readonly object: 'generation';
  readonly id: GenerationId;
  readonly status: GenerationState;
  readonly created_at: string;
  readonly data?: readonly Record<string, unknown>[];
  readonly error?: unknown;
  readonly decision_id?: string;
  readonly policy?: string;
  readonly case_id?: string;
}

export interface GenerationFacts {
  readonly id: GenerationId;
  readonly state: GenerationState;
  readonly createdAt: Date;
  readonly outcome: Outcome | null;
}

export function generationObject(
  { id, state, createdAt, outcome }: GenerationFacts,
  context: AnswerContext,
  linkTo: LinkTo,
): GenerationObject {
  const base = { object: 'generation' as const, id, status: state, created_at: createdAt.toISOString() };
  if (outcome === null) return base;
  if (outcome.kind === 'published') {
    return {
      ...base,
      decision_id: outcome.decisionId,
      policy: outcome.policy,
      data: outcome.artifacts.map(({ id: artifactId, format, sha256 }) => ({
        artifact_id: artifactId,
        url: linkTo(artifactId, format),
        output_format: format,
        sha256,
      })),
    };
  }
  const { error } = outcomeAnswer(outcome, context).body;
  if (outcome.kind === 'failed') return { ...base, error };
  const facts = { ...base, decision_id: outcome.refusal.decisionId, policy: outcome.refusal.policy };
  return outcome.kind === 'held' ? { ...facts, case_id: outcome.caseId, error } : { ...facts, error };
}
