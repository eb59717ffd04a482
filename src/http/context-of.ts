import type { FastifyRequest } from 'fastify';
import type { GenerationId } from '../contracts/ids.ts';
import type { AnswerContext } from '../reply/error-answer.ts';
import { languagesOf } from './languages-of.ts';

/** What every answer about a generation says beside its outcome. */
export function contextOf(request: FastifyRequest, generationId: GenerationId, { appeal }: Pick<AnswerContext, 'appeal'>): AnswerContext {
  return { requestId: request.id, generationId, appeal, ...languagesOf(request) };
}
