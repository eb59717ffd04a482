import type { Shut } from '../access/capabilities.ts';
import type { Cleared } from '../contracts/cleared.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { RenderEvent, UpstreamFailure, UpstreamFailureCause, UpstreamRefusal } from '../contracts/image-model.ts';
import type { Outcome, Prechecked } from '../contracts/stages.ts';
import type { Journal } from '../ledger/journal.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';

type End = Extract<RenderEvent, { kind: 'refused' | 'failed' }>;

interface RecordEndParts {
  readonly journal: Journal;
  /** Which refused or failed. */
  readonly model: string;
}

/** Writes down that the model refused or failed, and says how that ends the generation. */
export async function recordEnd(cleared: Cleared<Prechecked>, end: End, { journal, model }: RecordEndParts): Promise<Outcome> {
  const { submission } = cleared;
  const outcome = end.kind === 'refused' ? refused(cleared, end.refusal) : failed(end.failure);
  const about = end.kind === 'refused' ? { stage: end.refusal.stage, categories: end.refusal.categories } : { cause: end.failure.cause };
  const notGenerated =
    end.kind === 'failed' && (!end.failure.reachedModel || end.failure.retryable || end.failure.cause === 'rate_limited');
  await journal.record(
    {
      generationUpdate: {
        id: submission.id,
        from: ['running'],
        state: outcome.kind === 'refused' ? 'refused' : 'failed',
        answer: outcome,
        intent_released: notGenerated,
      },
    },
    [
      {
        kind: end.kind === 'refused' ? 'model.refused' : 'model.failed',
        generation: submission.id,
        model,
        ...about,
      },
    ],
  );
  return outcome;
}

/** It was cleared, and turned away before anything was paid for. The same intent may try again later. */
export async function recordShut(
  { submission }: Cleared<Prechecked>,
  why: { readonly code: Shut | 'RATE_LIMITED'; readonly retryAfterMs?: number },
  { journal }: { readonly journal: Journal },
): Promise<Outcome> {
  const outcome: Outcome = { kind: 'failed', ...why };
  await journal.record(
    { generationUpdate: { id: submission.id, from: ['running'], state: 'failed', answer: outcome, intent_released: true } },
    [{ kind: 'generation.stopped', generation: submission.id, model: submission.request.model, code: why.code }],
  );
  return outcome;
}

/** A block of the whole account says nothing about this request, so it is a failure and never the user's violation. */
function refused({ decision }: Cleared<Prechecked>, refusal: UpstreamRefusal): Outcome {
  if (refusal.stage === 'account') return { kind: 'failed', code: 'MODEL_ACCOUNT_BLOCKED' };
  return {
    kind: 'refused',
    refusal: {
      decisionId: decision.id,
      stage: refusal.stage === 'input' ? 'prompt' : 'output',
      categories: refusal.categories,
      policy: formatPolicyRef(decision.policy),
      by: 'model',
    },
  };
}

const CODE_OF: Record<UpstreamFailureCause, ErrorCode> = {
  unreachable: 'MODEL_UNREACHABLE',
  timed_out: 'MODEL_TIMED_OUT',
  reset: 'MODEL_FAILED',
  rate_limited: 'MODEL_RATE_LIMITED',
  unauthorized: 'MODEL_MISCONFIGURED',
  rejected_request: 'PARAMETER_REJECTED',
  server_error: 'MODEL_FAILED',
  garbage: 'MODEL_ANSWER_UNUSABLE',
};

function failed(failure: UpstreamFailure): Outcome {
  // A 503 says, like a 429, that nothing was made and when to come back.
  const code = failure.cause === 'server_error' && failure.retryable ? 'MODEL_RATE_LIMITED' : CODE_OF[failure.cause];
  return failure.retryAfterMs === undefined ? { kind: 'failed', code } : { kind: 'failed', code, retryAfterMs: failure.retryAfterMs };
}
