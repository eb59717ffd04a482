import type { Decision } from '../contracts/decision.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Outcome } from '../contracts/stages.ts';
import { decisionFor } from '../decide/decide-review.ts';
import { refusalBy } from '../decide/outcome-of.ts';
import type { GenerationRecord } from '../generations/generation-store.ts';
import { openRequest } from '../generations/open-submission.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { type GenerationObject, generationObject } from '../reply/generation-object.ts';
import type { GenerationCase, ReviewCase } from '../review/case-store.ts';
import { requireTransition } from '../review/check-wish.ts';
import type { DecisionWish } from '../review/decision-wish.ts';
import { secondReviewFor } from '../review/second-review.ts';
import { reasonsIfDecided } from '../review/statements/statement-store.ts';
import type { Transition } from '../review/transitions.ts';
import { previewAppeal, previewNotice } from './preview-voices.ts';
import { eventReceiver, type PreviewParts, type Receiver, statementReceivers } from './receiver.ts';

interface Preview {
  /** Who else has to agree before anything of it is sent. */
  readonly waitsFor: 'second_person' | 'boards' | null;
  readonly receivers: readonly Receiver[];
}

/**
 * What everybody would be sent if a case were decided so: made by the functions that will make it, and written nowhere.
 * @throws ImprimaturError REQUEST_INVALID when it cannot be decided so
 */
export async function previewDecision(found: ReviewCase, wish: DecisionWish, parts: PreviewParts): Promise<Preview> {
  const transition = requireTransition(found, wish);
  if (transition.ends === 'escalated') return { waitsFor: null, receivers: [] };
  // Also where somebody has spoken: that nobody else is needed any more would tell what they said.
  const needsSecond = secondReviewFor(found, transition, wish.userAction, parts.secondReview) !== null;
  const told = found.restricted ? [] : [await caseEvent(found, transition, parts)];
  const receivers = [...(await othersOf(found, wish, parts)), ...told];
  if (found.kind === 'approval') return { waitsFor: 'boards', receivers };
  return { waitsFor: needsSecond ? 'second_person' : null, receivers };
}

function othersOf(found: ReviewCase, wish: DecisionWish, parts: PreviewParts): Promise<Receiver[]> | Receiver[] {
  if (found.kind === 'generation') return previewGeneration(found, wish, parts);
  if (found.kind === 'appeal') return previewAppeal(found, wish, parts);
  return found.kind === 'notice' ? previewNotice(found, wish, parts) : [];
}

function caseEvent(found: ReviewCase, { ends }: Transition, { db }: PreviewParts): Promise<Receiver> {
  const [generation, upload] = found.kind === 'upload' ? [null, found.uploadId] : [found.generationId, null];
  const status = ends === 'votes' ? 'released' : ends;
  return eventReceiver(db, 'case.decided', 'imprimatur_case_event', [found.id, found.kind, status, found.queue, generation, upload]);
}

async function previewGeneration(found: GenerationCase, wish: DecisionWish, parts: PreviewParts): Promise<Receiver[]> {
  const generation = await parts.reopen.store.find(found.generationId);
  if (generation === null) throw new ImprimaturError('NOT_FOUND');
  // In whose language somebody is told is sealed with what they asked; without it they are told in English.
  const language = await openRequest(generation, parts.reopen.evidence).then(
    (request) => request.language,
    () => undefined,
  );
  const isBlock = wish.decision === 'block';
  const nothing = { submission: null, findings: [], isLabelAsked: false, isCareAsked: false };
  const made = decisionFor(found, wish, nothing, parts.review);
  const decision: Decision = isBlock ? made : { ...made, action: 'allow' };
  const state = isBlock ? 'refused' : found.stage === 'prompt' ? 'running' : 'published';
  const about = [found.generationId, state, generation.surface] as const;
  const event = (type: string, at: readonly string[] = about) => eventReceiver(parts.db, type, 'imprimatur_generation_event', at);
  const answer = {
    generation,
    state,
    outcome: isBlock ? refusalBy(decision) : await publishedAs(found, decision, parts),
    language,
  } as const;
  const reasons = isBlock ? await reasonsIfDecided(parts.db, found.generationId, decision) : null;
  return [
    ...(reasons === null ? [] : statementReceivers(reasons, decision.decidedAt, language)),
    callerReceiver(answer, parts),
    ...(isBlock ? [await event('generation.blocked')] : [await event('generation.released')]),
    ...(state === 'published' ? [await event('generation.published')] : []),
  ];
}

interface Answering {
  readonly generation: GenerationRecord;
  readonly state: 'refused' | 'running' | 'published';
  readonly outcome: Outcome | null;
  readonly language: string | undefined;
}

/** What the caller is answered that asks for its generation afterwards. */
function callerReceiver({ generation, state, outcome, language }: Answering, { appeal, linkTo }: PreviewParts): Receiver {
  const { id, createdAt } = generation;
  const context = { requestId: 'req_', generationId: id, appeal, ...(language === undefined ? {} : { acceptLanguage: language }) };
  const data: GenerationObject = generationObject({ id, state, createdAt, outcome }, context, linkTo);
  return { to: 'caller', title: `GET /v1/generations/${id}`, text: JSON.stringify(data, null, 2), data };
}

/** Pictures leave with hashes that nobody knows before they are signed. Null for a prompt: its picture is judged again. */
async function publishedAs({ stage, generationId }: GenerationCase, decision: Decision, { reopen: { store } }: PreviewParts) {
  if (stage === 'prompt') return null;
  const artifacts = await store.finalArtifacts(generationId);
  return {
    kind: 'published' as const,
    createdAt: decision.decidedAt.toISOString(),
    decisionId: decision.id,
    policy: formatPolicyRef(decision.policy),
    artifacts: artifacts.map(({ id }) => ({ id, format: 'png' as const, sha256: '' })),
    usage: null,
    details: {},
    notes: [],
  };
}
