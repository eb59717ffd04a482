import type { FastifyPluginAsync } from 'fastify';
import { signOut } from '../../access/sign-in/sign-in.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { HttpParts } from '../parts.ts';

const MAX_BYTES = 20_000;

/** Where the identity provider says that somebody signed out there, so that they are out here, too. Nothing of it is for browsers. */
export function backChannelLogoutRoutes({ access }: HttpParts): FastifyPluginAsync {
  return async (app) => {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: MAX_BYTES }, (_request, body, done) =>
      done(null, new URLSearchParams(String(body))),
    );
    app.post('/v1/sign-in/back-channel-logout', { schema: { hide: true } }, async ({ body }, reply) => {
      if (access.provider === null) throw new ImprimaturError('NOT_FOUND');
      const token = body instanceof URLSearchParams ? body.get('logout_token') : null;
      const word = token === null ? null : await access.provider.is.readLogout(token);
      if (word === null)
        throw new ImprimaturError('REQUEST_INVALID', { hint: 'This is no logout token of the provider.', param: 'logout_token' });
      await signOut(word, 'provider', access.sessions);
      return reply.code(200).send();
    });
  };
}
