import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { Published } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';

import type { Run } from '../generations/run.ts';
import { type AnswerContext, failureAnswer, outcomeAnswer } from '../reply/error-answer.ts';
import { releaseHeaders } from '../reply/headers.ts';
import { errorEvent, imageEvents } from '../reply/image-events.ts';
import { echoOf } from '../reply/images-answer.ts';
import type { Queryable } from '../storage/database.ts';
import { toImprimaturError } from './error-handler.ts';
import { headersOf } from './headers-of.ts';

interface StreamContext extends AnswerContext {
  readonly db: Queryable;
}

/**
 * Server-sent events. The status line waits for the first frame, so that a refusal before it is a plain HTTP error that
 * SDKs turn into the right class; after it, a refusal is an error event. A caller that leaves only stops the writing.
 */
export async function streamImages(run: Run, submission: Submission, reply: FastifyReply, context: StreamContext): Promise<FastifyReply> {
  const frames = run.frames()[Symbol.asyncIterator]();
  const first = await frames.next();
  if (first.done === true) return answerWithoutFrames(run, reply, context);

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-request-id': context.requestId,
    ...releaseHeaders(run.id, first.value),
  });
  const write = async (chunk: Buffer) => {
    if (!raw.destroyed && !raw.write(chunk)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  };
  const echo = echoOf(submission);
  for (let step: IteratorResult<Published> = first; step.done !== true; step = await frames.next()) {
    for (const event of imageEvents(step.value, submission.request.operation, echo)) await write(event);
  }
  await write(await ending(run, context));
  raw.end();
  return reply;
}

async function answerWithoutFrames(run: Run, reply: FastifyReply, context: StreamContext): Promise<FastifyReply> {
  const outcome = await run.outcome;
  if (outcome.kind === 'published') throw new Error('published without a frame');
  const { status, headers, body } = outcomeAnswer(outcome, context);
  return reply
    .code(status)
    .headers({ ...(await headersOf(run.id, outcome, context)), ...headers })
    .send(body);
}

/** Nothing for a published generation: its `completed` event was the end. */
async function ending(run: Run, context: AnswerContext): Promise<Buffer> {
  try {
    const outcome = await run.outcome;
    return outcome.kind === 'published' ? Buffer.alloc(0) : errorEvent(outcomeAnswer(outcome, context).body);
  } catch (error) {
    return errorEvent(failureAnswer(toImprimaturError(error), context).body);
  }
}
