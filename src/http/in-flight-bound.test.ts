import { once } from 'node:events';
import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createErrorHandler } from './error-handler.ts';
import { createInFlightBound } from './in-flight-bound.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function listening(ofOneAddress: number): Promise<number> {
  app = fastify({ forceCloseConnections: true });
  const silent = { stageFailed: () => undefined } as unknown as Parameters<typeof createErrorHandler>[0];
  app.setErrorHandler(createErrorHandler(silent));
  app.addHook('onRequest', createInFlightBound({ inAll: 10, ofOneAddress }));
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/', async () => 'seen');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Promises a picture and never ends it. */
async function dawdle(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 1000\r\n\r\nbegin');
  return socket;
}

const send = async (port: number) =>
  (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x', headers: { 'content-type': 'image/png' } })).status;

describe('requests at one moment', () => {
  it('are no more of one address than its share, however slowly it sends, and it gets its places back when it hangs up', async () => {
    const port = await listening(2);
    expect([await send(port), await send(port), await send(port)]).toEqual([200, 200, 200]);
    const slow = await Promise.all([dawdle(port), dawdle(port)]);
    await expect.poll(() => send(port)).toBe(429);
    for (const socket of slow) socket.destroy();
    await expect.poll(() => send(port)).toBe(200);
  });
});
