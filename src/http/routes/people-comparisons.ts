import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { recognize } from '../../detectors/person-match/recognize.ts';
import { DESCRIPTOR_NUMBERS } from '../../registries/people/person.ts';
import { type Authenticate, operatorOf, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

/** More than in any picture. */
const MOST_FACES = 256;
/** A training set is a hundred thousand questions: one entry says that they are asked, before the first of them in this time. */
const NOTED_FOR_MS = 60_000;

const comparison = z
  .strictObject({
    for: z.literal('training').describe('What the pictures are for; a consent must name it among its purposes.'),
    faces: z
      .array(
        z.strictObject({
          numbers: z.array(z.number()).length(DESCRIPTOR_NUMBERS).readonly().describe('What the network for faces makes of it.'),
          seen_px: z.number().positive().describe('Shorter side of the face as the networks saw it.'),
        }),
      )
      .min(1)
      .max(MOST_FACES),
  })
  .meta({ id: 'PeopleComparison' });

/** Faces come in and words go out: no answer holds a face of the register, and nothing that was sent is kept. */
export function comparingRoutes({ people }: Pick<HttpParts, 'people'>, authenticate: Authenticate): FastifyPluginAsync {
  const notedUntil = new Map<string, number>();
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/people/compare',
      onRequest: permitted(authenticate, 'people.names'),
      tag: 'People',
      summary: 'Who of the register these faces are, and whether they agreed; that somebody asks stands in the ledger',
      body: comparison,
      answer: z.object({ object: z.literal('people_comparison'), faces: z.array(z.object({ reasons: z.array(z.string()) })) }),
      handler: async ({ body }, request) => {
        const by = operatorOf(request);
        if ((notedUntil.get(by) ?? 0) < Date.now()) {
          await people.noteLook({ kind: 'people.compared', for: body.for, by });
          notedUntil.set(by, Date.now() + NOTED_FOR_MS);
        }
        const index = await people.current();
        const occasion = { at: new Date(), operation: body.for, surface: 'curate', application: undefined, regions: undefined };
        const faces = body.faces.map(({ numbers, seen_px }) => ({
          reasons: recognize({ descriptor: numbers, seenPx: seen_px }, index, occasion),
        }));
        return { object: 'people_comparison' as const, faces };
      },
    });
  };
}
