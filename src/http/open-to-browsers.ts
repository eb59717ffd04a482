import type { FastifyInstance } from 'fastify';

const DAY_SECONDS = '86400';

/**
 * Lets pages of any origin call the routes of `app`: public answers to which cookies and keys add nothing (Fetch standard, CORS protocol).
 * @param paths what to answer preflights for, such as `/v1/c2pa/*`
 */
export function openToBrowsers(app: FastifyInstance, paths: readonly string[]): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');
  });
  for (const path of paths) {
    app.options(path, { schema: { hide: true } }, (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-methods', 'GET, POST')
        .header('access-control-allow-headers', 'content-type')
        .header('access-control-max-age', DAY_SECONDS)
        .send(),
    );
  }
}
