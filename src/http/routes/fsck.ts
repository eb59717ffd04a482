import type { FastifyPluginAsync } from 'fastify';
import { fsck } from '../../fsck.ts';
import { type Authenticate, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

/** The comparison of database, evidence and ledger, for operators. */
export function fsckRoutes({ db, evidence, ledger }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'POST',
      url: '/v1/fsck',
      tag: 'Status',
      summary: 'Compare database, evidence and ledger',
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
        return { object: 'fsck', checked, flaws };
      },
    });
  };
}
