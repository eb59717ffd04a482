import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { openPublished } from '../../generations/replay.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif' };

/** Published pictures, for whoever holds a link that is signed and has not run out. */
export function artifactsRoutes({ store, evidence, links, takedownOf }: HttpParts): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/artifacts/:file',
      tag: 'Images',
      summary: 'A published picture, by its signed link',
      isPublic: true,
      params: z.object({ file: z.string() }),
      query: z.object({ expires: z.string().default(''), signature: z.string().default('') }),
      handler: async ({ params, query }, _request, reply) => {
        const [id = ''] = params.file.split('.');
        const isGood = isId('art', id) && links.isGood(id, query.expires, query.signature);
        const record = isGood ? await store.artifact(id) : null;
        if (record?.published == null || (await takedownOf(record.id)) !== null) throw new ImprimaturError('ARTIFACT_UNAVAILABLE');
        return reply
          .type(MEDIA_TYPES[record.published.format] ?? 'application/octet-stream')
          .headers({
            'cache-control': 'private, max-age=300',
            'x-content-type-options': 'nosniff',
            'content-disposition': `inline; filename="${id}.${record.published.format}"`,
          })
          .send(Buffer.from(await openPublished(record, evidence)));
      },
    });
  };
}
