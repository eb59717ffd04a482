import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';

/** For the documentation of routes whose body is the picture itself. */
export const pictureBody = { body: z.string().meta({ format: 'binary' }), types: ['application/octet-stream'] } as const;

/** Takes bodies of any image type, and of no named type, as bytes; everything else but JSON is refused with 415. */
export function takePictures(app: FastifyInstance, maxUploadBytes: number): void {
  const asBytes = { parseAs: 'buffer', bodyLimit: maxUploadBytes } as const;
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, asBytes, (_request, body, done) => done(null, body));
  app.addContentTypeParser('*', (_request, _body, done) => done(new ImprimaturError('MEDIA_TYPE_UNSUPPORTED')));
}

/** @throws ImprimaturError MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID */
export function pictureOf({ body }: FastifyRequest): Uint8Array {
  if (!Buffer.isBuffer(body)) throw new ImprimaturError('MEDIA_TYPE_UNSUPPORTED');
  if (body.length === 0) throw new ImprimaturError('REQUEST_INVALID', { hint: 'Send the picture as the body.' });
  return body;
}
