import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { ImprimaturError } from '../../contracts/errors.ts';
import { editBody, fromForm, generationBody, variationBody } from '../../ingest/image-request-schema.ts';
import { fromDataUrls } from '../../ingest/input-images.ts';
import { answerGeneration } from '../answer-generation.ts';
import { type Authenticate, callersOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { readForm } from '../read-form.ts';
import { fileField, route } from '../route.ts';
import { submissionFrom } from '../submission-from.ts';
import { validated } from '../validated.ts';

const tag = 'Images';

/** OpenAI's images endpoints. All of them end in `conduct`: there is no other way to a model. */
export function imagesRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { maxUploadBytes } = parts.config.values;
  return async (app) => {
    // Who asks comes first: a stranger learns nothing about how requests are validated, and costs no parsing.
    const toGenerate = callersOnly(authenticate, 'images.generate');
    const toEdit = callersOnly(authenticate, 'images.edit');

    route(app, {
      method: 'POST',
      url: '/v1/images/generations',
      onRequest: toGenerate,
      tag,
      makesPictures: ['at once', 'stream', 'job'],
      summary: 'Make pictures from a prompt',
      body: generationBody,
      handler: ({ body }, request, reply) =>
        answerGeneration(
          submissionFrom(request, { operation: 'generate', fields: body, uploads: [] }, parts.ingest),
          request,
          reply,
          parts,
        ),
    });

    route(app, {
      method: 'POST',
      url: '/v1/images/edits',
      onRequest: toEdit,
      tag,
      makesPictures: ['at once', 'stream', 'job'],
      summary: 'Edit pictures: a form with files, or JSON with data URLs',
      consumes: {
        body: editBody.extend({
          image: fileField.optional().describe('A file, or several as image[]. In JSON: images.'),
          mask: fileField.optional(),
        }),
        types: ['multipart/form-data', 'application/json'],
      },
      handler: async (_input, request, reply) => {
        const { fields, uploads } = request.isMultipart()
          ? await editForm(request, maxUploadBytes)
          : editJson(request.body, maxUploadBytes);
        if (!uploads.some(({ role }) => role === 'image')) {
          throw new ImprimaturError('REQUEST_INVALID', { hint: 'An edit needs at least one picture.', param: 'image' });
        }
        return answerGeneration(submissionFrom(request, { operation: 'edit', fields, uploads }, parts.ingest), request, reply, parts);
      },
    });

    route(app, {
      method: 'POST',
      url: '/v1/images/variations',
      onRequest: toEdit,
      tag,
      makesPictures: ['at once', 'job'],
      summary: 'Make variations of a picture',
      consumes: { body: variationBody.extend({ image: fileField }), types: ['multipart/form-data'] },
      handler: async (_input, request, reply) => {
        const { fields, uploads } = await readForm(request, maxUploadBytes);
        if (uploads.length !== 1) throw new ImprimaturError('REQUEST_INVALID', { hint: 'Send exactly one picture.', param: 'image' });
        const body = { operation: 'variation' as const, fields: validated(variationBody, fromForm(fields)), uploads };
        return answerGeneration(submissionFrom(request, body, parts.ingest), request, reply, parts);
      },
    });
  };
}

async function editForm(request: FastifyRequest, maxUploadBytes: number) {
  const { fields, uploads } = await readForm(request, maxUploadBytes);
  return { fields: validated(editBody, fromForm(fields)), uploads };
}

function editJson(body: unknown, maxUploadBytes: number) {
  const fields = validated(editBody, body);
  return { fields, uploads: fromDataUrls(fields.images ?? [], fields.mask, maxUploadBytes) };
}
