import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ReviewCase } from '../../review/case-store.ts';
import { requireHeld } from '../../review/leases.ts';
import { recordLook } from '../../review/looks.ts';
import { markForReviewer } from '../../review/mark-for-reviewer.ts';
import { type CaseMedium, mediaOf } from '../../review/pictures/case-media.ts';
import { workOnPicture } from '../../review/pictures/picture-work.ts';
import { BLURS } from '../../review/pictures/previews.ts';
import { caseFor } from '../../review/sight.ts';
import { recordExposure } from '../../review/welfare/welfare-store.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { leaseBody } from '../case-body.ts';
import type { HttpParts } from '../parts.ts';
import { requireFreshIfRestricted } from '../restricted-sight.ts';
import { route, sentBytes } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Cases';
const params = z.object({ id: z.string().max(64), media: z.string().max(64) });
const query = z.object({ blur: z.coerce.number().pipe(z.literal(BLURS)).default(1) });

/** Never kept by a browser or a proxy, never taken for anything but a picture. */
const PRIVATE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };

/** What reviewers see: a blurred copy, and the picture itself when they ask for it, on record. */
export function caseMediaRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, desk } = parts;
  const about = { tag, params, onRequest: permitted(authenticate, 'cases.read') } as const;

  async function mediumFor(
    { id, media }: z.output<typeof params>,
    request: FastifyRequest,
  ): Promise<{ found: ReviewCase; medium: CaseMedium }> {
    const found = await caseFor(db, id, staffOf(request), desk.queues);
    const medium = (await mediaOf(found, desk)).find((one) => one.id === media);
    if (medium === undefined) throw new ImprimaturError('NOT_FOUND');
    return { found, medium };
  }

  return async (app) => {
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/cases/:id/media/:media',
      summary: 'A grey, blurred copy of a picture, as WebP',
      query,
      answer: sentBytes,
      produces: ['image/webp'],
      handler: async ({ params: named, query: { blur } }, request, reply) => {
        const { found, medium } = await mediumFor(named, request);
        const bytes = await desk.previewOf(found, medium, blur);
        return reply.headers(PRIVATE).type('image/webp').send(Buffer.from(bytes));
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/media/:media/reveal',
      summary: 'The picture itself, with an invisible mark of this one view. Each view stands in the ledger',
      body: leaseBody,
      answer: sentBytes,
      produces: ['image/jpeg'],
      handler: async ({ params: named, body }, request, reply) => {
        const staff = staffOf(request);
        const { found, medium } = await mediumFor(named, request);
        requireFreshIfRestricted(request, found);
        await requireHeld(db, { ...body, caseId: found.id, staff: staff.id });
        const { bytes: plain } = await workOnPicture(desk.pool, { kind: 'show', bytes: await medium.open() });
        const seenIn = { caseId: found.id, mediaId: medium.id };
        const { bytes } = await markForReviewer(
          { artifactId: medium.artifactId, seenIn, bytes: plain, format: 'jpeg', reviewer: staff.id },
          {
            db,
            journal,
            finish: desk.finishForReviewer,
            async alsoRecord(tx, view) {
              await recordExposure(tx, { view, staff: staff.id, caseId: found.id, categories: found.categories });
              await recordLook(tx, { by: staff.id, what: 'picture', caseId: found.id, target: medium.id, restricted: found.restricted });
            },
          },
        );
        return reply.headers(PRIVATE).type('image/jpeg').send(Buffer.from(bytes));
      },
    });
  };
}
