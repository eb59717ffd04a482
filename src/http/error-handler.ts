import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import { failureAnswer } from '../reply/error-answer.ts';
import { languagesOf } from './languages-of.ts';
import type { HttpParts } from './parts.ts';

/** The HTTP boundary: every error becomes OpenAI's error object, and what is not ours becomes INTERNAL, with nothing told. */
export function createErrorHandler({ telemetry, appeal }: Pick<HttpParts, 'telemetry' | 'appeal'>) {
  return async (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const error = toImprimaturError(thrown);
    if (error.status >= 500) telemetry.stageFailed(thrown, request.id);
    const { status, headers, body } = failureAnswer(error, { requestId: request.id, appeal, ...languagesOf(request) });
    await reply.code(status).headers(headers).send(body);
  };
}

/** What a thrown value means to the caller. Messages of the framework are not passed on: they may quote the body. */
export function toImprimaturError(thrown: unknown): ImprimaturError {
  if (thrown instanceof ImprimaturError) return thrown;
  if (isFastifyError(thrown)) {
    const field = thrown.validation?.[0];
    if (field !== undefined) {
      const param = field.instancePath.split('/').filter(Boolean).join('.');
      return new ImprimaturError('REQUEST_INVALID', { hint: `${param || 'body'}: ${field.message ?? 'not valid'}.`, param, cause: thrown });
    }
    const known = FRAMEWORK_CODES[thrown.code];
    if (known !== undefined) return new ImprimaturError(known, { cause: thrown });
    if (thrown.statusCode !== undefined && thrown.statusCode < 500) return new ImprimaturError('REQUEST_MALFORMED', { cause: thrown });
  }
  return new ImprimaturError('INTERNAL', { cause: thrown });
}

const FRAMEWORK_CODES: Readonly<Record<string, 'REQUEST_TOO_LARGE' | 'REQUEST_MALFORMED'>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_FILES_LIMIT: 'REQUEST_TOO_LARGE',
  FST_FIELDS_LIMIT: 'REQUEST_TOO_LARGE',
  FST_PARTS_LIMIT: 'REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'REQUEST_MALFORMED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'REQUEST_MALFORMED',
};

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string';
}
