import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ClaimToUse, refuseMissing } from '../access/claims/claim-reader.ts';
import { askEarly } from '../admit/admit.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Published } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import type { GenerationRecord } from '../generations/generation-store.ts';
import type { Run } from '../generations/run.ts';
import { type Dialect, type DialectOf, imagesDialect } from '../reply/dialect.ts';
import { type AnswerContext, type ErrorAnswer, outcomeAnswer } from '../reply/error-answer.ts';
import { generationObject } from '../reply/generation-object.ts';
import { contextOf } from './context-of.ts';
import { headersOf } from './headers-of.ts';
import { limitHeaders } from './limit-headers.ts';
import type { HttpParts } from './parts.ts';
import { streamImages } from './stream-images.ts';

type Parts = Pick<HttpParts, 'access' | 'controls' | 'db' | 'conductor' | 'store' | 'appeal' | 'links' | 'telemetry'>;

/** Conducts a submission and answers in the form and dialect that the caller asked for: at once, as a stream, or as a job. */
export async function answerGeneration(
  submission: Submission,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts,
  dialectOf: DialectOf = () => imagesDialect(submission, parts.links.linkTo),
): Promise<FastifyReply> {
  if (prefersAsync(request)) return answerLater(submission, request, reply, parts);
  const run = await conduct(submission, request, parts);
  const left = () => limitHeaders(submission, parts.controls.limits.limits);
  const tellLeft = () => void (reply.raw.headersSent || reply.headers(left()));
  // Before anybody else hears how it ended, an error too, so that they stand on that answer.
  void run.outcome.then(tellLeft, tellLeft);
  const context = contextOf(request, run.id, parts);
  const dialect = dialectOf(run.id);
  return submission.request.stream
    ? streamImages(run, dialect, reply, { ...context, db: parts.db, left })
    : answerNow(run, dialect, reply, context, parts);
}

/** 202 with the job, for those who asked for one. */
export async function answerLater(
  submission: Submission,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts,
): Promise<FastifyReply> {
  const run = await conduct(submission, request, parts);
  const left = () => limitHeaders(submission, parts.controls.limits.limits);
  // Not the reply itself: it can be awaited, and whoever does waits until it is sent.
  const { state, createdAt, outcome } = await admitted(run, parts).finally(() => void reply.headers(left()));
  return reply
    .code(202)
    .headers({ ...(await headersOf(run.id, outcome, parts)), location: `/v1/generations/${run.id}`, 'preference-applied': 'respond-async' })
    .send(generationObject({ id: run.id, state, createdAt, outcome }, contextOf(request, run.id, parts), parts.links.linkTo));
}

/** The job stands in the database as soon as its prompt is judged; only then may anybody be told its id. */
async function admitted(run: Run, { store }: Parts): Promise<GenerationRecord> {
  const over = run.outcome.then(
    () => true,
    () => true,
  );
  for (;;) {
    const isOver = await Promise.race([over, sleep(10, false)]);
    const record = await store.find(run.id);
    if (record !== null) return record;
    // A run that ended without a record threw, and its error is the whole truth.
    if (isOver) await run.outcome;
    if (isOver) throw new ImprimaturError('GENERATION_LOST');
  }
}

async function conduct(asked: Submission, { principal }: FastifyRequest, parts: Parts): Promise<Run> {
  const { conductor, telemetry } = parts;
  const claim = principal?.kind === 'caller' ? principal.claim : undefined;
  if (claim === 'missing') refuseMissing();
  const submission = claim === undefined ? asked : await useUp(claim, asked, parts);
  const startedAt = performance.now();
  const run = await conductor.conduct(submission);
  void run.outcome.then(
    (outcome) => telemetry.generationEnded(submission, outcome, (performance.now() - startedAt) / 1000),
    () => undefined,
  );
  return run;
}

/**
 * Uses the claim up, and has the database asked in the same go for what will be asked next. What may repeat an earlier request waits with that: an answer
 * that was given before is counted against nobody. A claim that was used for this very request makes it a retry: whoever copies it gets the same answer,
 * and no other picture. @throws ImprimaturError USER_CLAIM_INVALID
 */
async function useUp(claim: ClaimToUse, submission: Submission, { access, controls }: Parts): Promise<Submission> {
  const { idempotencyKey, bodyDigest, isRetry } = submission;
  const limits = controls.limits.limits;
  const using = access.claims.use(claim, idempotencyKey === undefined ? bodyDigest : `${bodyDigest} ${idempotencyKey}`);
  if (idempotencyKey === undefined && !isRetry) askEarly(submission, { standing: controls.standing, limits });
  try {
    if ((await using) === 'first') return submission;
  } catch (error) {
    limits.forgo(submission);
    throw error;
  }
  limits.forgo(submission);
  return { ...submission, isRetry: true };
}

/** RFC 7240: a 202 is only for callers that ask for one; the SDK would take it for an empty success. */
function prefersAsync(request: FastifyRequest): boolean {
  return /(^|,)\s*respond-async\b/i.test(String(request.headers['prefer'] ?? ''));
}

async function answerNow(run: Run, dialect: Dialect, reply: FastifyReply, context: AnswerContext, parts: Parts): Promise<FastifyReply> {
  const outcome = await run.outcome;
  reply.headers(await headersOf(run.id, outcome, parts));
  if (outcome.kind !== 'published') return sendError(reply, outcomeAnswer(outcome, context));
  const final = await lastFrame(run);
  return reply.type('application/json').send(dialect.answer(outcome, final.artifacts));
}

async function lastFrame(run: Run): Promise<Published> {
  let last: Published | null = null;
  for await (const frame of run.frames()) last = frame;
  if (last === null) throw new ImprimaturError('ARTIFACT_UNAVAILABLE', { detail: 'a published generation without a final frame' });
  return last;
}

function sendError(reply: FastifyReply, { status, headers, body }: ErrorAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
