import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { HttpParts } from '../parts.ts';
import { createRateBound } from '../rate-bound.ts';
import { PAGE_ICON, verifyPage } from '../verify-page/page.ts';
import { pageBook } from '../verify-page/page-books.ts';
import { PAGE_STYLE } from '../verify-page/page-style.ts';

/** Only what this page loads from here; pictures also from memory, which is where the reader's own file is shown from. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

const SCRIPTS = ['page-client.mjs', 'page-history.mjs', 'page-mark.mjs'] as const;

/** The public page where anybody can ask about a picture. */
export function verifyPageRoutes({ config }: Pick<HttpParts, 'config'>): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', createRateBound({ perSecond: 50, burst: 500 }));
    const hide = { schema: { hide: true } };
    const send = (reply: FastifyReply, type: string, body: string) =>
      reply
        .headers({ ...SECURITY, 'cache-control': 'no-cache' })
        .type(`${type}; charset=utf-8`)
        .send(body);
    app.get('/verify', hide, (request, reply) => {
      const book = pageBook(request.headers['accept-language']);
      reply.headers({ vary: 'accept-language', 'content-language': book.language });
      return send(reply, 'text/html', verifyPage(book, config.values.maxUploadBytes));
    });
    app.get('/verify/page.css', hide, (_request, reply) => send(reply, 'text/css', PAGE_STYLE));
    app.get('/verify/icon.svg', hide, (_request, reply) => send(reply, 'image/svg+xml', PAGE_ICON));
    for (const name of SCRIPTS) {
      const script = await readFile(new URL(`../verify-page/${name}`, import.meta.url), 'utf8');
      app.get(`/verify/${name}`, hide, (_request, reply) => send(reply, 'text/javascript', script));
    }
  };
}
