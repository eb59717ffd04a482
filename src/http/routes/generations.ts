import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import type { GenerationRecord } from '../../generations/generation-store.ts';
import { createGenerationWatch } from '../../generations/generation-watch.ts';
import { generationBody } from '../../ingest/image-request-schema.ts';
import { generationObject } from '../../reply/generation-object.ts';
import { answerLater } from '../answer-generation.ts';
import { type Authenticate, anyKey, callerOf, requirePermission } from '../authenticate.ts';
import { contextOf } from '../context-of.ts';
import { followGeneration } from '../follow-generation.ts';
import type { HttpParts } from '../parts.ts';
import { route, sentBytes } from '../route.ts';
import { submissionFrom } from '../submission-from.ts';

const tag = 'Generations';
const params = z.object({ id: z.string() });

/** The native asynchronous API: submit, poll, follow. */
export function generationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, store, links } = parts;
  const watch = createGenerationWatch(db);
  const show = (record: GenerationRecord, request: FastifyRequest) =>
    generationObject(record, contextOf(request, record.id, parts), links.linkTo);

  return async (app) => {
    const stopping = new AbortController();
    app.addHook('preClose', async () => stopping.abort());
    const toRead = anyKey(authenticate, 'images.read');

    route(app, {
      method: 'POST',
      url: '/v1/generations',
      onRequest: anyKey(authenticate, 'images.generate'),
      tag,
      makesPictures: ['job'],
      summary: 'Submit a generation; the answer is a job',
      body: generationBody,
      handler: ({ body }, request, reply) => {
        const read = { operation: 'generate' as const, fields: { ...body, stream: false }, uploads: [] };
        return answerLater(submissionFrom(request, read, parts.ingest), request, reply, parts);
      },
    });

    route(app, {
      method: 'GET',
      url: '/v1/generations/:id',
      onRequest: toRead,
      tag,
      summary: 'How a generation stands',
      params,
      answer: z.unknown().meta({ type: 'object', description: 'The job: `id`, `status`, `created_at`, and in the end `data` or `error`.' }),
      handler: async ({ params: { id } }, request) => show(await visible(id, request, parts), request),
    });

    route(app, {
      method: 'GET',
      url: '/v1/generations/:id/events',
      onRequest: toRead,
      tag,
      summary: 'Follow a generation as server-sent events until it ends',
      params,
      answer: sentBytes,
      produces: ['text/event-stream'],
      handler: async ({ params: { id } }, request, reply) => {
        const record = await visible(id, request, parts);
        const told = (current: GenerationRecord) => show(current, request);
        return followGeneration(record, reply, { store, watch, requestId: request.id, show: told, stopping: stopping.signal });
      },
    });
  };
}

/** A caller sees the generations of its own key; staff who may search see all. Anything else does not exist. */
async function visible(id: string, request: FastifyRequest, { store }: HttpParts): Promise<GenerationRecord> {
  const record = isId('gen', id) ? await store.find(id) : null;
  const isStaff = request.principal?.kind === 'staff';
  if (isStaff) requirePermission(request, 'search.read');
  if (record === null || (!isStaff && record.keyId !== callerOf(request).keyId)) throw new ImprimaturError('NOT_FOUND');
  return record;
}
