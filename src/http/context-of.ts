import type { FastifyRequest } from 'fastify';
import type { GenerationId } from '../contracts/ids.ts';
import type { AnswerContext } from '../reply/error-answer.ts';

/** What every answer about a generation says beside its outcome. */
export function contextOf(request: FastifyRequest, generationId: GenerationId, { appeal }: { readonly appeal: string }): AnswerContext {
  const acceptLanguage = request.headers['accept-language'];
  return { requestId: request.id, generationId, appeal, ...(acceptLanguage === undefined ? {} : { acceptLanguage }) };
}
