import { ImprimaturError } from '../contracts/errors.ts';
import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome, RefusalFacts } from '../contracts/stages.ts';
import type { Headers } from './headers.ts';
import { publicSentence } from './sentences/public-sentence.ts';

/** What the caller may do about an error. */
export type RetryAdvice = 'no' | 'rephrase' | 'after_review' | 'later';

/** OpenAI's error object; `imprimatur` is ours, and the SDK keeps it on `error.error`. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
    readonly moderation_details?: { readonly moderation_stage: string; readonly categories: readonly string[] };
    readonly imprimatur: Readonly<Record<string, unknown>>;
  };
}

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ErrorBody;
}

export interface AnswerContext {
  readonly requestId: string;
  readonly generationId?: GenerationId;
  /** Where a person can contest a decision; from the policy. */
  readonly appeal: string;
  /** The caller's `Accept-Language`: end users are told in their language. */
  readonly acceptLanguage?: string;
}

/** A failure of ours or of the model: says what was wrong and whether the same request can work later. */
export function failureAnswer(
  error: ImprimaturError,
  { requestId, generationId }: Pick<AnswerContext, 'requestId' | 'generationId'>,
): ErrorAnswer {
  const retry: RetryAdvice = error.retryable ? 'later' : 'no';
  return {
    status: error.status,
    headers: {
      'x-should-retry': String(error.retryable),
      ...(error.retryAfterMs === undefined
        ? {}
        : { 'retry-after-ms': String(error.retryAfterMs), 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) }),
    },
    body: {
      error: {
        message: error.publicMessage,
        type: error.type,
        param: error.param,
        code: error.code.toLowerCase(),
        imprimatur: { request_id: requestId, ...(generationId === undefined ? {} : { generation_id: generationId }), retry },
      },
    },
  };
}

/** The answer to anything that did not end in a picture. */
export function outcomeAnswer(outcome: Exclude<Outcome, { kind: 'published' }>, context: AnswerContext): ErrorAnswer {
  if (outcome.kind !== 'failed') return refusalAnswer(outcome, context);
  const { code, retryAfterMs } = outcome;
  return failureAnswer(new ImprimaturError(code, retryAfterMs === undefined ? {} : { retryAfterMs }), context);
}

/** Categories where rephrasing is not advice that anybody should get. */
const NEVER_REPHRASE: ReadonlySet<string> = new Set(['sexual_minors', 'known_bad', 'unsafe_file']);

/** A block or a hold, in the shape that OpenAI's SDKs know; never retried by them, because nothing would change. */
function refusalAnswer(outcome: Extract<Outcome, { kind: 'refused' | 'held' }>, context: AnswerContext): ErrorAnswer {
  const { refusal } = outcome;
  const held = outcome.kind === 'held';
  const base = new ImprimaturError(held ? 'REVIEW_REQUIRED' : 'MODERATION_BLOCKED');
  const stage = moderationStage(refusal);
  const mayRephrase = adviceFor(outcome) === 'rephrase';
  const explanation = publicSentence({ categories: refusal.categories, held, mayRephrase }, context.acceptLanguage);
  return {
    status: base.status,
    headers: { 'x-should-retry': 'false' },
    body: {
      error: {
        message: `${base.publicMessage} If you believe this is wrong, ${context.appeal} and give the request id ${context.requestId}.`,
        type: base.type,
        param: null,
        code: base.code.toLowerCase(),
        moderation_details: { moderation_stage: stage, categories: refusal.categories },
        imprimatur: {
          request_id: context.requestId,
          ...(context.generationId === undefined
            ? {}
            : { generation_id: context.generationId, status_url: `/v1/generations/${context.generationId}` }),
          decision_id: refusal.decisionId,
          ...(held ? { case_id: outcome.caseId } : {}),
          policy: refusal.policy,
          decided_by: refusal.by,
          stage,
          categories: refusal.categories,
          retry: adviceFor(outcome),
          ...(explanation === null ? {} : { explanation }),
          appeal: context.appeal,
        },
      },
    },
  };
}

function adviceFor(outcome: Extract<Outcome, { kind: 'refused' | 'held' }>): RetryAdvice {
  if (outcome.kind === 'held') return 'after_review';
  return outcome.refusal.categories.some((category) => NEVER_REPHRASE.has(category)) ? 'no' : 'rephrase';
}

function moderationStage({ stage }: RefusalFacts): 'input' | 'output' {
  return stage === 'prompt' ? 'input' : 'output';
}
