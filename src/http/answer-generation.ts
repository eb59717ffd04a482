import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Published } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import type { GenerationRecord } from '../generations/generation-store.ts';
import type { Run } from '../generations/run.ts';
import { type AnswerContext, type ErrorAnswer, outcomeAnswer } from '../reply/error-answer.ts';
import { generationObject } from '../reply/generation-object.ts';
import { echoOf, imagesAnswer } from '../reply/images-answer.ts';
import { contextOf } from './context-of.ts';
import { headersOf } from './headers-of.ts';
import type { HttpParts } from './parts.ts';
import { streamImages } from './stream-images.ts';

type Parts = Pick<HttpParts, 'db' | 'conductor' | 'store' | 'appeal' | 'links' | 'telemetry'>;

/** Conducts a submission and answers in the form that the caller asked for: at once, as a stream, or as a job. */
export async function answerGeneration(
  submission: Submission,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts,
): Promise<FastifyReply> {
  if (prefersAsync(request)) return answerLater(submission, request, reply, parts);
  const run = await conduct(submission, parts);
  const context = contextOf(request, run.id, parts);
  return submission.request.stream
    ? streamImages(run, submission, reply, { ...context, db: parts.db })
    : answerNow(run, submission, reply, context, parts);
}

/** 202 with the job, for those who asked for one. */
export async function answerLater(
  submission: Submission,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts,
): Promise<FastifyReply> {
  const run = await conduct(submission, parts);
  const { state, createdAt, outcome } = await admitted(run, parts);
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

async function conduct(submission: Submission, { conductor, telemetry }: Parts): Promise<Run> {
  const startedAt = performance.now();
  const run = await conductor.conduct(submission);
  void run.outcome.then(
    (outcome) => telemetry.generationEnded(submission, outcome, (performance.now() - startedAt) / 1000),
    () => undefined,
  );
  return run;
}

/** RFC 7240: a 202 is only for callers that ask for one; the SDK would take it for an empty success. */
function prefersAsync(request: FastifyRequest): boolean {
  return /(^|,)\s*respond-async\b/i.test(String(request.headers['prefer'] ?? ''));
}

async function answerNow(
  run: Run,
  submission: Submission,
  reply: FastifyReply,
  context: AnswerContext,
  parts: Parts,
): Promise<FastifyReply> {
  const outcome = await run.outcome;
  reply.headers(await headersOf(run.id, outcome, parts));
  if (outcome.kind !== 'published') return sendError(reply, outcomeAnswer(outcome, context));
  const final = await lastFrame(run);
  return reply.type('application/json').send(imagesAnswer(outcome, final.artifacts, echoOf(submission), parts.links.linkTo));
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
