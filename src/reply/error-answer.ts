import type { UserRequirement } from '../contracts/end-user.ts';
import { ImprimaturError, type StandingFacts } from '../contracts/errors.ts';
import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome, RefusalFacts } from '../contracts/stages.ts';
import { helpForUser, standingForUser } from './account-words/told-to-user.ts';
import { type AppealPlaces, appealWords } from './appeal-words.ts';
import type { Headers } from './headers.ts';
import { publicSentence } from './sentences/public-sentence.ts';
import { helpObject, helpSentences } from './would-help.ts';

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
  /** Where a person can contest a decision. */
  readonly appeal: AppealPlaces;
  /** The caller's `Accept-Language`: end users are told in their language. */
  readonly acceptLanguage?: string;
}

type FailureContext = Pick<AnswerContext, 'requestId' | 'generationId'> & Partial<Pick<AnswerContext, 'appeal' | 'acceptLanguage'>>;

/** SDKs of OpenAI do not wait as long as they are told when that is a minute or more: they ask again after half a second. */
const LONGEST_HEEDED_MS = 60_000;

/** A failure of ours or of the model: says what was wrong and whether the same request can work later. */
export function failureAnswer(error: ImprimaturError, context: FailureContext): ErrorAnswer {
  const { requestId, generationId } = context;
  const retry: RetryAdvice = error.retryable ? 'later' : 'no';
  return {
    status: error.status,
    headers: {
      'x-should-retry': String(error.retryable && (error.retryAfterMs ?? 0) < LONGEST_HEEDED_MS),
      ...(error.retryAfterMs === undefined
        ? {}
        : { 'retry-after-ms': String(error.retryAfterMs), 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) }),
    },
    body: {
      error: {
        message: [error.publicMessage, ...appealSentence(error.standing, context)].join(' '),
        type: error.type,
        param: error.param,
        code: error.code.toLowerCase(),
        imprimatur: {
          request_id: requestId,
          ...(generationId === undefined ? {} : { generation_id: generationId }),
          retry,
          ...(error.hint === null ? {} : { hint: error.hint }),
          ...(error.standing === undefined ? {} : standingMembers(error.standing, context)),
          ...(error.wouldHelp === undefined ? {} : helpMembers(error.wouldHelp, context.acceptLanguage)),
        },
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
  const { decisionId } = refusal;
  // A refusal of the model stands under the decision that let the request go to it.
  const isAppealable = !held && refusal.by !== 'model';
  const appeal = appealWords(context.appeal, { decisionId, isAppealable, requestId: context.requestId });
  return {
    status: base.status,
    headers: { 'x-should-retry': 'false' },
    body: {
      error: {
        message: [base.publicMessage, ...helpSentences(refusal.wouldHelp), appeal.sentence].join(' '),
        type: base.type,
        param: null,
        code: base.code.toLowerCase(),
        moderation_details: { moderation_stage: stage, categories: refusal.categories },
        imprimatur: {
          request_id: context.requestId,
          ...linksOf(context.generationId),
          decision_id: decisionId,
          ...(held ? { case_id: outcome.caseId } : {}),
          policy: refusal.policy,
          decided_by: refusal.by,
          stage,
          categories: refusal.categories,
          retry: adviceFor(outcome),
          ...(refusal.wouldHelp === undefined ? {} : helpMembers(refusal.wouldHelp, context.acceptLanguage)),
          ...(explanation === null ? {} : { explanation }),
          appeal: appeal.words,
          ...(appeal.page === null ? {} : { appeal_url: appeal.page }),
        },
      },
    },
  };
}

/** What would help, for programs and for the person. */
function helpMembers(help: UserRequirement, acceptLanguage: string | undefined): Readonly<Record<string, unknown>> {
  const told = helpForUser(help, acceptLanguage);
  return { would_help: helpObject(help), ...(told === null ? {} : { would_help_text: told }) };
}

function appealSentence(facts: StandingFacts | undefined, { requestId, appeal = {} }: FailureContext): readonly string[] {
  const decisionId = facts?.decisionId ?? null;
  return decisionId === null ? [] : [appealWords(appeal, { decisionId, isAppealable: true, requestId }).sentence];
}

/** Why somebody is turned away whatever they ask for, until when, and where to read and contest it. */
function standingMembers(
  facts: StandingFacts,
  { requestId, appeal = {}, acceptLanguage }: FailureContext,
): Readonly<Record<string, unknown>> {
  const { action, until, decisionId, generationId } = facts;
  const decided = decisionId === null ? null : appealWords(appeal, { decisionId, isAppealable: true, requestId });
  const statement = generationId === null ? null : `/v1/generations/${generationId}/statement?decision=${decisionId}`;
  return {
    standing: action,
    until: until?.toISOString() ?? null,
    explanation: standingForUser(facts, acceptLanguage),
    ...(decisionId === null ? {} : { decision_id: decisionId, statement_url: statement }),
    ...(decided === null ? {} : { appeal: decided.words }),
    ...(decided?.page == null ? {} : { appeal_url: decided.page }),
  };
}

function linksOf(generationId: GenerationId | undefined): Readonly<Record<string, string>> {
  if (generationId === undefined) return {};
  const status = `/v1/generations/${generationId}`;
  return { generation_id: generationId, status_url: status, statement_url: `${status}/statement` };
}

function adviceFor(outcome: Extract<Outcome, { kind: 'refused' | 'held' }>): RetryAdvice {
  if (outcome.kind === 'held') return 'after_review';
  return outcome.refusal.categories.some((category) => NEVER_REPHRASE.has(category)) ? 'no' : 'rephrase';
}

function moderationStage({ stage }: RefusalFacts): 'input' | 'output' {
  return stage === 'prompt' ? 'input' : 'output';
}
