import type { FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Operation, Submission } from '../contracts/submission.ts';
import { type IngestParts, ingest } from '../ingest/ingest.ts';
import type { UploadedImage } from '../ingest/input-images.ts';
import { languageIn } from '../reply/wished-languages.ts';
import { callerOf } from './authenticate.ts';

/** What a route read from the body. */
export interface ReadBody {
  readonly operation: Operation;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly uploads: readonly UploadedImage[];
}

/** Body and headers of one HTTP request → submission. @throws ImprimaturError REQUEST_INVALID and what `ingest` throws */
export function submissionFrom(request: FastifyRequest, body: ReadBody, parts: IngestParts): Submission {
  const idempotencyKey = headerText(request, 'idempotency-key');
  if (idempotencyKey !== undefined && idempotencyKey.length > 255) {
    throw new ImprimaturError('REQUEST_INVALID', {
      hint: 'The Idempotency-Key may have at most 255 characters.',
      param: 'Idempotency-Key',
    });
  }
  const conversation = headerText(request, 'x-imprimatur-conversation');
  if (conversation !== undefined && conversation.length > 512) {
    throw new ImprimaturError('REQUEST_INVALID', {
      hint: 'The x-imprimatur-conversation header may have at most 512 characters.',
      param: 'x-imprimatur-conversation',
    });
  }
  return ingest(
    {
      ...body,
      requestId: `req_${request.id.slice(4)}`,
      caller: callerOf(request),
      retryCount: Number(headerText(request, 'x-stainless-retry-count') ?? 0) || 0,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(conversation === undefined ? {} : { conversation }),
      ...languageIn(request.headers['accept-language']),
    },
    parts,
  );
}

function headerText(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
