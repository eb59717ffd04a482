import { once } from 'node:events';
import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createErrorHandler } from './error-handler.ts';
import { createInFlightBound } from './in-flight-bound.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function listening(ofOneAddress: { requests: number; bytes: number }): Promise<number> {
  app = fastify({ forceCloseConnections: true });
  const silent = { stageFailed: () => undefined } as unknown as Parameters<typeof createErrorHandler>[0];
  app.setErrorHandler(createErrorHandler(silent));
  app.addHook('onRequest', createInFlightBound({ inAll: { requests: 10, bytes: 10_000 }, ofOneAddress, unannouncedBytes: 2_000 }));
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
    const port = await listening({ requests: 2, bytes: 10_000 });
    expect([await send(port), await send(port), await send(port)]).toEqual([200, 200, 200]);
    const slow = await Promise.all([dawdle(port), dawdle(port)]);
    await expect.poll(() => send(port)).toBe(429);
    for (const socket of slow) socket.destroy();
    await expect.poll(() => send(port)).toBe(200);
  });

  it('hold no more bytes of one address than its share, counted before the first of them is read; one alone is always let in', async () => {
    const port = await listening({ requests: 10, bytes: 1_500 });
    const first = await dawdle(port);
    await expect.poll(() => send(port)).toBe(200);
    const second = await dawdle(port);
    const [answer] = (await once(second, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 429/);
    first.destroy();
    const unannounced = () =>
      fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: new Blob(['x']).stream(),
        headers: { 'content-type': 'image/png' },
        duplex: 'half',
      } as RequestInit);
    await expect.poll(async () => (await unannounced()).status).toBe(200);
    const third = await dawdle(port);
    await expect.poll(async () => (await unannounced()).status).toBe(429);
    third.destroy();
  });
});
