import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { LIST_FORMATS } from '../../registries/hash-lists/list-format.ts';
import { LIST_NAME } from '../../registries/hash-lists/load-hash-list.ts';
import type { StoredList } from '../../registries/hash-lists/stored-list.ts';
import { formOf } from '../../registries/hash-lists/write-rows.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { type Consumed, route, sentBytes } from '../route.ts';

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

const counts = z.object({ pdq: z.number(), sha256: z.number(), md5: z.number() });
const imported = z
  .object({
    object: z.literal('hash_list'),
    name: z.string(),
    source: z.literal('import'),
    digest: z.string().describe('`sha256:` and hex digits, of its rows in our CSV form.'),
    is_signed: z.boolean(),
    counts,
    skipped: z.number().describe('Lines of the file that were left out because they were bad.'),
    imported_by: z.string(),
    imported_at: timeAnswer,
  })
  .meta({ id: 'HashList' });
const configured = z.object({ object: z.literal('hash_list'), name: z.string(), source: z.literal('configuration'), counts });
const deleted = z.object({ object: z.literal('hash_list'), name: z.string(), deleted: z.literal(true) });

/** The lists of known content that operators manage. Bodies are streams: a list may be larger than any other request. */
export function hashListsRoutes({ hashLists }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    await app.register(storedListsRoutes(hashLists, authenticate));
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    route(app, {
      method: 'POST',
      url: '/v1/hash-lists/:name',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Import a list, in place of the one of its name',
      consumes: listBody,
      params,
      query: importQuery,
      answer: imported.extend({ ignored: z.number() }),
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
  };
}

/** Which lists there are, what is in them, and how they go. */
function storedListsRoutes(hashLists: HttpParts['hashLists'], authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/hash-lists',
      onRequest: permitted(authenticate, 'registers.read'),
      tag,
      summary: 'All lists, and how many hashes they hold',
      answer: listOf(z.union([imported, configured])),
      handler: async () => {
        const stored = await hashLists.list();
        const names = new Set(stored.map(({ name }) => name));
        const fromFile = hashLists.registry.counts.filter(({ list }) => !names.has(list));
        return {
          object: 'list' as const,
          data: [
            ...stored.map(show),
            ...fromFile.map(({ list, ...counts }) => ({
              object: 'hash_list' as const,
              name: list,
              source: 'configuration' as const,
              counts,
            })),
          ],
        };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/hash-lists/:name/rows',
      onRequest: permitted(authenticate, 'registers.read'),
      tag,
      summary: 'Export a list',
      params,
      query: z.strictObject({ format: z.enum(LIST_FORMATS).default('csv') }),
      answer: sentBytes,
      produces: [...new Set(LIST_FORMATS.map((format) => formOf(format).type))],
      handler: async ({ params: { name }, query: { format } }, _request, reply) => {
        const rows = await hashLists.export(name, format);
        return reply.type(formOf(format).type).send(Readable.from(rows, { objectMode: false }));
      },
    });
    route(app, {
      method: 'DELETE',
      url: '/v1/hash-lists/:name',
      onRequest: permitted(authenticate, 'registers.write'),
      tag,
      summary: 'Remove an imported list',
      params,
      answer: deleted,
      handler: async ({ params: { name } }, request) => {
        await hashLists.remove(name, operatorOf(request));
        return { object: 'hash_list' as const, name, deleted: true as const };
      },
    });
  };
}

function show({ name, digest, signature, counts, skipped, importedBy, importedAt }: StoredList) {
  return {
    object: 'hash_list' as const,
    name,
    source: 'import' as const,
    digest: `sha256:${digest}`,
    is_signed: signature !== undefined,
    counts,
    skipped,
    imported_by: importedBy,
    imported_at: importedAt.toISOString(),
  };
}
