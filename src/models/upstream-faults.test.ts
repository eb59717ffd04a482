import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ImageModel } from '../contracts/image-model.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { LEAST_SETTINGS } from './kinds.fixture.ts';
import { MODEL_KINDS } from './model-kinds.ts';
import { Bench, eventsOf, renderRequest } from './upstream.fixture.ts';

const bench = new Bench();
afterEach(() => bench.close());

interface Common {
  readonly baseUrl: string;
  readonly outbound: Outbound;
  readonly deadlineMs?: number;
}

const ADAPTERS = Object.entries(MODEL_KINDS).map(([kind, { create }]) => {
  const adapter = ({ outbound, ...common }: Common): ImageModel =>
    create({
      name: 'm',
      settings: { deadlineMs: 5_000, maxReplyBytes: 100_000, ...LEAST_SETTINGS[kind], ...common },
      parts: { outbound, apiKey: () => 'secret-key', isBlack: async () => false },
    });
  return [kind, adapter] as const;
});

describe.each(ADAPTERS)('an upstream of %s that misbehaves', (_, create) => {
  const failed = (failure: object) => [{ kind: 'failed', failure: expect.objectContaining(failure) }];

  it('is down: retryable, since the model saw nothing', async () => {
    const upstream = await bench.upstream(() => undefined);
    await upstream.close();
    const events = await eventsOf(create({ baseUrl: upstream.baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toEqual(failed({ cause: 'unreachable', reachedModel: false, retryable: true }));
  });

  it('is too slow: not retryable, since the model may be at work', async () => {
    const { baseUrl } = await bench.upstream(() => undefined);
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound(), deadlineMs: 150 }), renderRequest());
    expect(events).toEqual(failed({ cause: 'timed_out', reachedModel: true, retryable: false }));
  });

  it('breaks off in the middle of the answer', async () => {
    const { baseUrl } = await bench.upstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"data":[{"b64_json":"iVBOR', () => response.destroy());
    });
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toEqual(failed({ cause: 'reset', reachedModel: true, retryable: false }));
  });

  it('does not speak HTTP', async () => {
    const server = net.createServer((socket) => socket.resume().end('SSH-2.0-something\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toEqual(failed({ cause: 'reset', reachedModel: true }));
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['HTML', 'text/html', '<!doctype html><title>Sign in</title>'],
    ['nothing', 'application/json', ''],
    ['half a document', 'application/json', '{"data":[{"b64_json":"iVBOR'],
    ['null', 'application/json', 'null'],
    ['an unrelated object', 'application/json', '{"status":"ok"}'],
    ['a list', 'application/json', '[]'],
    ['data that is no list', 'application/json', '{"data":{"0":{}},"images":"x","image":7,"finish_reason":"SUCCESS"}'],
    ['entries that are no objects', 'application/json', '{"data":[1],"images":[1],"image":[1],"finish_reason":"SUCCESS","created":1}'],
    ['text that says it is a picture', 'image/png', 'not a picture'],
  ])('answers 200 with %s: never a picture', async (_name, type, body) => {
    const { baseUrl } = await bench.upstream((response) => response.writeHead(200, { 'content-type': type }).end(body));
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toHaveLength(1);
    expect(['failed', 'refused']).toContain(events[0]?.kind);
    expect(events[0]?.kind === 'failed' ? events[0].failure.cause : 'garbage').toBe('garbage');
  });

  it.each([
    [400, { cause: 'rejected_request', retryable: false }],
    [401, { cause: 'unauthorized', retryable: false }],
    [402, { cause: 'unauthorized', retryable: false }],
    [403, { cause: 'unauthorized', retryable: false }],
    [404, { cause: 'rejected_request', retryable: false }],
    [429, { cause: 'rate_limited', retryable: true, retryAfterMs: 7_000 }],
    [500, { cause: 'server_error', retryable: false }],
    [503, { cause: 'server_error', retryable: true, retryAfterMs: 7_000 }],
    [504, { cause: 'timed_out', retryable: false }],
  ])('answers %i: a failure that is nobody’s content', async (status, failure) => {
    const { baseUrl } = await bench.upstream((response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' }).end('{"error":{"message":"a soft gradient"}}');
    });
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toEqual(failed({ ...failure, reachedModel: true, detail: `status ${status}` }));
  });

  it('redirects: key and prompt stay here', async () => {
    const elsewhere = await bench.upstream((response) => response.end());
    const { baseUrl } = await bench.upstream((response) => response.writeHead(307, { location: elsewhere.baseUrl }).end());
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toEqual(failed({ cause: 'garbage', retryable: false }));
    expect(elsewhere.received).toHaveLength(0);
  });

  it('sends more than the limit', async () => {
    const { baseUrl } = await bench.upstream((response) => response.end(Buffer.alloc(100_001)));
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(events).toEqual(failed({ cause: 'garbage', detail: expect.stringContaining('too_large') }));
  });

  it('is left at once when the caller gives up', async () => {
    const controller = new AbortController();
    const { baseUrl } = await bench.upstream(() => controller.abort());
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest(), controller.signal);
    expect(events).toEqual(failed({ cause: 'reset', reachedModel: true, retryable: false }));
    const again = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest(), controller.signal);
    expect(again).toEqual(failed({ cause: 'reset', reachedModel: false }));
  });

  it('never gets its words, the prompt or the key into what we log', async () => {
    const { baseUrl } = await bench.upstream((response, { headers, body }) => {
      const echo = { name: `${headers.authorization} ${body}`, error: { code: `${body}`, message: `${headers.authorization}` } };
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(echo));
    });
    const events = await eventsOf(create({ baseUrl, outbound: bench.outbound() }), renderRequest());
    expect(JSON.stringify(events)).not.toMatch(/gradient|secret-key|Bearer|Basic/);
  });
});
