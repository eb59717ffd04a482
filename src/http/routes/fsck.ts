import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { fsck } from '../../fsck.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const answer = z.object({
  object: z.literal('fsck'),
  checked: z.number(),
  flaws: z.array(z.object({ what: z.enum(['evidence', 'decision', 'ledger']), id: z.string(), problem: z.string() })),
});

/** The comparison of database, evidence and ledger, for operators. */
export function fsckRoutes({ db, evidence, ledger }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', permitted(authenticate, 'settings.write'));
    route(app, {
      method: 'POST',
      url: '/v1/fsck',
      tag: 'Status',
      summary: 'Compare database, evidence and ledger',
      answer: answer,
      handler: async () => {
        let checked = 0;
        const flaws = await fsck({
          db,
          evidence,
          ledger,
          onProgress: (done) => {
            checked = done;
          },
        });
        return { object: 'fsck' as const, checked, flaws };
      },
    });
  };
}
