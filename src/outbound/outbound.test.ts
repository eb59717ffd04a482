import { createServer, type RequestListener, type Server } from 'node:http';
import net, { type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound } from './outbound.ts';
import type { OutboundRequest } from './outcome.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server | ReturnType<typeof net.createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function http(handler: RequestListener): Promise<number> {
  const server = createServer(handler);
  const port = await listen(server);
  closers.unshift(() => server.closeAllConnections());
  return port;
}

function outboundWith(options: Parameters<typeof createOutbound>[0] = {}) {
  const outbound = createOutbound(options);
  closers.unshift(() => outbound.close());
  return outbound;
}

function get(url: string, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url, method: 'GET', trust: 'configured', maxBytes: 1_000_000, deadlineMs: 5_000, ...more };
}

describe('to a configured host', () => {
  it('gives back status, headers and body, and sends what it was given', async () => {
    const port = await http((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(201, { 'X-Echo': request.headers['x-in'], 'set-cookie': ['a=1', 'b=2'] });
        response.end(Buffer.concat(chunks));
      });
    });
    const body = Buffer.from([0, 255, 1, 254]);
    const outcome = await outboundWith().request(get(`http://127.0.0.1:${port}/x?q=1`, { method: 'POST', body, headers: { 'x-in': 'y' } }));
    expect(outcome).toMatchObject({ kind: 'response', status: 201, headers: { 'x-echo': 'y', 'set-cookie': 'a=1, b=2' } });
    expect(outcome.kind === 'response' && outcome.body.equals(body)).toBe(true);
  });

  it('keeps connections instead of opening one per request', async () => {
    const sockets = new Set<unknown>();
    const port = await http((request, response) => {
      sockets.add(request.socket);
      response.end('ok');
    });
    const outbound = outboundWith();
    for (let i = 0; i < 8; i++) await outbound.request(get(`http://127.0.0.1:${port}/`));
    // Two, because a request that follows at once finds the first connection not handed back yet.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('says for certain that the server saw nothing when the port is closed', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const outcome = await outboundWith().request(get(`http://127.0.0.1:${port}/`));
    expect(outcome).toEqual({ kind: 'failed', cause: 'unreachable', reachedServer: false, detail: `127.0.0.1:${port}: ECONNREFUSED` });
  });

  it('says for certain that the server saw nothing when TLS does not come about', async () => {
    const port = await http((_, response) => response.end('plain'));
    const outcome = await outboundWith().request(get(`https://127.0.0.1:${port}/`));
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'unreachable', reachedServer: false });
  });

  it('does not claim so when the connection breaks after the request', async () => {
    const port = await listen(net.createServer((socket) => socket.once('data', () => socket.destroy())));
    const outcome = await outboundWith().request(get(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' }));
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'reset', reachedServer: true });
  });

  it('notices a body that breaks off in the middle', async () => {
    const port = await http((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await outboundWith().request(get(`http://127.0.0.1:${port}/`))).toMatchObject({ cause: 'reset', reachedServer: true });
  });

  it('reports something that is not HTTP as a failure', async () => {
    const port = await listen(net.createServer((socket: Socket) => socket.resume().end('hello, I am not HTTP\r\n\r\n')));
    expect(await outboundWith().request(get(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', cause: 'reset' });
  });

  it('stops waiting at the deadline, before the answer and in the middle of it', async () => {
    const port = await http((request, response) => {
      if (request.url === '/body') response.write('a');
    });
    for (const path of ['/silent', '/body']) {
      const start = performance.now();
      const outcome = await outboundWith().request(get(`http://127.0.0.1:${port}${path}`, { deadlineMs: 150 }));
      expect(outcome).toMatchObject({ kind: 'failed', cause: 'timed_out', reachedServer: true });
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  it('stops at the size limit, with and without a declared length', async () => {
    const port = await http((request, response) => {
      if (request.url === '/declared') response.setHeader('content-length', '5000');
      response.end(Buffer.alloc(5_000));
    });
    for (const path of ['/declared', '/chunked']) {
      const outcome = await outboundWith().request(get(`http://127.0.0.1:${port}${path}`, { maxBytes: 4_999 }));
      expect(outcome).toMatchObject({ kind: 'failed', cause: 'too_large' });
    }
    expect(await outboundWith().request(get(`http://127.0.0.1:${port}/`, { maxBytes: 5_000 }))).toMatchObject({ status: 200 });
  });

  it('ends the upstream connection when the caller gives up, and sends nothing for one that gave up before', async () => {
    let seen = 0;
    let closed: () => void = () => undefined;
    const upstreamClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const controller = new AbortController();
    const port = await http((request) => {
      seen++;
      request.on('close', closed);
      controller.abort();
    });
    const outbound = outboundWith();
    const options = { signal: controller.signal };
    expect(await outbound.request(get(`http://127.0.0.1:${port}/`, options))).toMatchObject({ cause: 'aborted', reachedServer: true });
    await upstreamClosed;
    expect(await outbound.request(get(`http://127.0.0.1:${port}/`, options))).toMatchObject({ cause: 'aborted', reachedServer: false });
    expect(seen).toBe(1);
  });

  it('does not follow a redirect', async () => {
    const port = await http((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await outboundWith().request(get(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'response', status: 302 });
  });

  it('hands out a stream part by part, and a broken one ends with the failure', async () => {
    const port = await http((_, response) => {
      response.write('one', () => setTimeout(() => response.write('two', () => response.destroy()), 30));
    });
    const stream = await outboundWith().open(get(`http://127.0.0.1:${port}/`));
    const parts: string[] = [];
    if (stream.kind === 'response') {
      for await (const part of stream.parts) parts.push(part.kind === 'chunk' ? part.bytes.toString() : part.cause);
    }
    expect(parts).toEqual(['one', 'two', 'reset']);
  });

  it('closes the connection of a stream that the reader leaves early', async () => {
    let closed: () => void = () => undefined;
    const upstreamClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const port = await http((_, response) => {
      response.on('close', closed);
      response.write('one');
    });
    const stream = await outboundWith().open(get(`http://127.0.0.1:${port}/`, { deadlineMs: 20_000 }));
    if (stream.kind === 'response') for await (const _ of stream.parts) break;
    await upstreamClosed;
  });

  it('never writes path or query into the detail', async () => {
    const port = await http((_, response) => response.destroy());
    const outcome = await outboundWith().request(get(`http://127.0.0.1:${port}/secret-path?sig=secret-signature`));
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });
});
