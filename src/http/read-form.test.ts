import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import { readForm } from './read-form.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** A server that takes files of 100 bytes, and 250 bytes in all. */
async function answer(files: number, maxFiles?: number): Promise<string> {
  app = fastify({ bodyLimit: 250 });
  await app.register(multipart);
  app.setErrorHandler((error, _request, reply) => reply.send(error instanceof ImprimaturError ? error.code : String(error)));
  app.post('/', async (request) => `${(await readForm(request, 100, maxFiles)).uploads.length} files`);
  const form = new FormData();
  for (let i = 0; i < files; i++) form.append('image[]', new Blob([new Uint8Array(100)]), 'a.png');
  const encoded = new Response(form);
  const payload = Buffer.from(await encoded.arrayBuffer());
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  return (await app.inject({ method: 'POST', url: '/', payload, headers })).body;
}

describe('a form with files', () => {
  it('is read as long as all files together are no larger than a body may be', async () => {
    expect(await answer(2)).toBe('2 files');
  });

  it('is refused when its files fill the memory together, each of them small enough', async () => {
    expect(await answer(3)).toBe('REQUEST_TOO_LARGE');
  });

  it('is refused at the first file too many, before that is read', async () => {
    expect(await answer(2, 1)).toBe('REQUEST_INVALID');
  });
});
