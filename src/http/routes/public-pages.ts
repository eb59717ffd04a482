import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { readReceipt } from '../../review/notices/receipt.ts';
import { appealPage } from '../public-pages/appeal-page.ts';
import { browserModule } from '../public-pages/browser-module.mjs';
import { type PublicBook, publicBook } from '../public-pages/public-page.ts';
import { reportPage } from '../public-pages/report-page.ts';
import { statusPage } from '../public-pages/status-page.ts';
import { PUBLIC_STYLE } from '../public-pages/style.ts';
import { createRateBound } from '../rate-bound.ts';

/** Only what these pages load from here. A form may be sent only here; a chosen picture is opened in memory and goes nowhere. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const;

const SCRIPTS = [
  'report-client.mjs',
  'report-fields.mjs',
  'hash-picture.mjs',
  'shrink-picture.mjs',
  'help-links.mjs',
  'status-client.mjs',
  'appeal-client.mjs',
] as const;
/** What makes the fingerprint, from the same source as the server's own. */
const PDQ_MODULES = ['luma', 'pdq-hash', 'pdq-bits', 'frequencies', 'jarosz-filter'] as const;

/** The pages where anybody reports a picture, follows a report, and appeals a decision. */
export function publicPagesRoutes(): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', createRateBound({ perSecond: 50, burst: 500 }));
    const hide = { schema: { hide: true } };
    const send = (reply: FastifyReply, type: string, body: string) =>
      reply
        .headers({ ...SECURITY, 'cache-control': 'no-cache' })
        .type(`${type}; charset=utf-8`)
        .send(body);
    const page = (request: FastifyRequest, reply: FastifyReply, make: (book: PublicBook) => string) => {
      const book = publicBook(request.headers['accept-language']);
      reply.headers({ vary: 'accept-language', 'content-language': book.language });
      return send(reply, 'text/html', make(book));
    };
    // The names of all countries in order take some milliseconds, and there are fifteen such pages.
    const made = new Map<string, string>();
    const reportOnce = (book: PublicBook) => {
      const known = made.get(book.language) ?? reportPage(book);
      made.set(book.language, known);
      return known;
    };
    app.get('/report', hide, (request, reply) => page(request, reply, reportOnce));
    app.get<{ Params: { receipt: string } }>('/report/:receipt', hide, (request, reply) =>
      page(request, reply, (book) => statusPage(book, readReceipt(request.params.receipt) ?? '')),
    );
    app.get<{ Params: { id: string } }>('/appeal/:id', hide, (request, reply) =>
      page(request, reply, (book) => appealPage(book, request.params.id.slice(0, 64))),
    );
    app.get('/report/page.css', hide, (_request, reply) => send(reply, 'text/css', PUBLIC_STYLE));
    for (const name of SCRIPTS) {
      const script = await readFile(new URL(`../public-pages/${name}`, import.meta.url), 'utf8');
      app.get(`/report/${name}`, hide, (_request, reply) => send(reply, 'text/javascript', script));
    }
    for (const name of PDQ_MODULES) {
      let module: Promise<string> | undefined;
      app.get(`/report/pdq/${name}.js`, hide, async (_request, reply) => {
        module ??= browserModule(name);
        return send(reply, 'text/javascript', await module);
      });
    }
  };
}
