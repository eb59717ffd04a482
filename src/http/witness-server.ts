import fastify, { type FastifyInstance } from 'fastify';
import type { WitnessAnswer } from '../ledger/witness-wire.ts';

interface WitnessServerParts {
  readonly addCheckpoint: (body: string) => Promise<WitnessAnswer>;
}

const MAX_BODY_BYTES = 65_536;

/** C2SP tlog-witness: `POST /add-checkpoint`. Anyone may ask; only logs that the operator named get a cosignature. */
export function createWitnessServer({ addCheckpoint }: WitnessServerParts): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: MAX_BODY_BYTES, requestTimeout: 10_000 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/add-checkpoint', async (request, reply) => {
    const { status, contentType, body } = await addCheckpoint(typeof request.body === 'string' ? request.body : '');
    return reply.code(status).type(contentType).send(body);
  });
  return app;
}
