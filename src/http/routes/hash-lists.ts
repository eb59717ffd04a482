import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { LIST_FORMATS } from '../../registries/hash-lists/list-format.ts';
import { LIST_NAME } from '../../registries/hash-lists/load-hash-list.ts';
import type { StoredList } from '../../registries/hash-lists/stored-list.ts';
import { formOf } from '../../registries/hash-lists/write-rows.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { type Consumed, route } from '../route.ts';

const tag = 'Hash lists';
const params = z.object({ name: z.string().regex(LIST_NAME) });
const listBody: Consumed = { body: z.string().meta({ format: 'binary' }), types: ['application/octet-stream'] };
const importQuery = z.strictObject({
  format: z.enum(LIST_FORMATS).default('csv'),
  on_bad_row: z.enum(['reject', 'skip']).default('reject'),
  category: z.enum(CATEGORIES).optional(),
  signature: z
    .base64()
    .length(88)
    .optional()
    .describe('Ed25519, over "imprimatur-hash-list NAME sha256:DIGEST" and a line feed. See docs/hash-lists.md.'),
});

/** The lists of known content that operators manage. Bodies are streams: a list may be larger than any other request. */
export function hashListsRoutes({ hashLists }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    route(app, {
      method: 'POST',
      url: '/v1/hash-lists/:name',
      tag,
      summary: 'Import a list, in place of the one of its name',
      consumes: listBody,
      params,
      query: importQuery,
      handler: async ({ params: { name }, query: { format, on_bad_row, category, signature } }, request) => {
        if (!(request.body instanceof Readable)) throw new ImprimaturError('MEDIA_TYPE_UNSUPPORTED');
        const { ignored, ...list } = await hashLists.import({
          name,
          source: request.body,
          format,
          onBadRow: on_bad_row,
          category,
          signature: signature === undefined ? undefined : Buffer.from(signature, 'base64'),
          by: operatorOf(request),
        });
        return { ...show({ ...list, importedAt: new Date() }), ignored };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/hash-lists',
      tag,
      summary: 'All lists, and how many hashes they hold',
      handler: async () => {
        const stored = await hashLists.list();
        const names = new Set(stored.map(({ name }) => name));
        const configured = hashLists.registry.counts.filter(({ list }) => !names.has(list));
        return {
          object: 'list',
          data: [
            ...stored.map(show),
            ...configured.map(({ list, ...counts }) => ({ object: 'hash_list', name: list, source: 'configuration', counts })),
          ],
        };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/hash-lists/:name/rows',
      tag,
      summary: 'Export a list',
      params,
      query: z.strictObject({ format: z.enum(LIST_FORMATS).default('csv') }),
      handler: async ({ params: { name }, query: { format } }, _request, reply) => {
        const rows = await hashLists.export(name, format);
        return reply.type(formOf(format).type).send(Readable.from(rows, { objectMode: false }));
      },
    });
    route(app, {
      method: 'DELETE',
      url: '/v1/hash-lists/:name',
      tag,
      summary: 'Remove an imported list',
      params,
      handler: async ({ params: { name } }, request) => {
        await hashLists.remove(name, operatorOf(request));
        return { object: 'hash_list', name, deleted: true };
      },
    });
  };
}

function show({ name, digest, signature, counts, skipped, importedBy, importedAt }: StoredList) {
  return {
    object: 'hash_list',
    name,
    source: 'import',
    digest: `sha256:${digest}`,
    is_signed: signature !== undefined,
    counts,
    skipped,
    imported_by: importedBy,
    imported_at: importedAt.toISOString(),
  };
}
