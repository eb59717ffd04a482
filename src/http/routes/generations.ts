import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import type { GenerationRecord } from '../../generations/generation-store.ts';
import { generationBody } from '../../ingest/image-request-schema.ts';
import { generationObject } from '../../reply/generation-object.ts';
import { answerLater } from '../answer-generation.ts';
import { type Authenticate, anyKey, callerOf } from '../authenticate.ts';
import { contextOf } from '../context-of.ts';
import { followGeneration } from '../follow-generation.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { submissionFrom } from '../submission-from.ts';

const tag = 'Generations';
const params = z.object({ id: z.string() });

/** The native asynchronous API: submit, poll, follow. */
export function generationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { store, links } = parts;
  const show = (record: GenerationRecord, request: FastifyRequest) =>
    generationObject(record, contextOf(request, record.id, parts), links.linkTo);

  return async (app) => {
    app.addHook('onRequest', anyKey(authenticate));

    route(app, {
      method: 'POST',
      url: '/v1/generations',
      tag,
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
      tag,
      summary: 'How a generation stands',
      params,
      handler: async ({ params: { id } }, request) => show(await visible(id, request, parts), request),
    });

    route(app, {
      method: 'GET',
      url: '/v1/generations/:id/events',
      tag,
      summary: 'Follow a generation as server-sent events until it ends',
      params,
      handler: async ({ params: { id } }, request, reply) => {
        const record = await visible(id, request, parts);
        return followGeneration(record, reply, { store, requestId: request.id, show: (current) => show(current, request) });
      },
    });
  };
}

/** A caller sees the generations of its own key; an operator sees all. Anything else does not exist. */
async function visible(id: string, request: FastifyRequest, { store }: HttpParts): Promise<GenerationRecord> {
  const record = isId('gen', id) ? await store.find(id) : null;
  const isOperator = request.principal?.kind === 'operator';
  if (record === null || (!isOperator && record.keyId !== callerOf(request).keyId)) throw new ImprimaturError('NOT_FOUND');
  return record;
}
