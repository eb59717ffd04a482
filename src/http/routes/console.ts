import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { ImprimaturError } from '../../contracts/errors.ts';
import { createRateBound } from '../rate-bound.ts';
import { type ConsoleFile, readConsole } from './console-files.ts';

/** Only what the console loads from here. Revealed pictures come as `blob:`, which no other page can open. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=()',
} as const;

/** Files with a hash in their name never change. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The review console under `/console`: its files, and its one document for every address that is a page. */
export function consoleRoutes(folders?: readonly URL[]): FastifyPluginAsync {
  return async (app) => {
    const files = await readConsole(folders);
    app.addHook('onRequest', createRateBound({ perSecond: 200, burst: 2_000 }));
    const hide = { schema: { hide: true } };
    app.get('/console', hide, (_request, reply) => reply.headers(SECURITY).redirect('/console/', 308));
    app.get<{ Params: { '*': string } }>('/console/*', hide, (request, reply) => {
      const path = request.params['*'];
      const file = files.get(path) ?? (isPage(path) ? files.get('index.html') : undefined);
      if (file === undefined) {
        throw new ImprimaturError('NOT_FOUND', files.size === 0 ? { hint: 'The console is not built here: npm run build.' } : {});
      }
      return send(file, path.startsWith('assets/') ? FOREVER : 'no-cache', request, reply);
    });
  };
}

/** An address of a page has no file ending; a missing script must not be answered with a document. */
function isPage(path: string): boolean {
  return !path.startsWith('assets/') && !/\.\w{1,8}$/.test(path);
}

async function send({ type, bytes, tag, zipped }: ConsoleFile, caching: string, request: FastifyRequest, reply: FastifyReply) {
  reply.headers({ ...SECURITY, 'cache-control': caching, etag: tag, vary: 'accept-encoding' }).type(type);
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(await zipped());
}
