import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { Published } from '../contracts/stages.ts';
import type { Run } from '../generations/run.ts';
import type { Dialect } from '../reply/dialect.ts';
import { type AnswerContext, failureAnswer, outcomeAnswer } from '../reply/error-answer.ts';
import { type Headers, releaseHeaders } from '../reply/headers.ts';
import { errorEvent } from '../reply/image-events.ts';
import type { Queryable } from '../storage/database.ts';
import { toImprimaturError } from './error-handler.ts';
import { headersOf } from './headers-of.ts';

interface StreamContext extends AnswerContext {
  readonly db: Queryable;
  /** What is left of limits now, for the head of the answer. */
  readonly left: () => Headers;
}

/**
 * Server-sent events. The status line waits for the first frame, so that a refusal before it is a plain HTTP error that
 * SDKs turn into the right class; after it, a refusal is an error event. A caller that leaves only stops the writing.
 */
export async function streamImages(run: Run, dialect: Dialect, reply: FastifyReply, context: StreamContext): Promise<FastifyReply> {
  const frames = run.frames()[Symbol.asyncIterator]();
  const first = await frames.next();
  if (first.done === true) return answerWithoutFrames(run, reply, context);

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-request-id': context.requestId,
    ...context.left(),
    ...releaseHeaders(run.id, first.value),
  });
  const write = async (chunk: Buffer) => {
    if (!raw.destroyed && !raw.write(chunk)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  };
  for (const event of dialect.opening()) await write(event);
  for (let step: IteratorResult<Published> = first; step.done !== true; step = await frames.next()) {
    for (const event of dialect.frame(step.value)) await write(event);
  }
  for (const event of await ending(run, dialect, context)) await write(event);
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

async function ending(run: Run, dialect: Dialect, context: AnswerContext): Promise<readonly Buffer[]> {
  try {
    const outcome = await run.outcome;
    return outcome.kind === 'published' ? dialect.closing() : [errorEvent(outcomeAnswer(outcome, context).body)];
  } catch (error) {
    return [errorEvent(failureAnswer(toImprimaturError(error), context).body)];
  }
}
