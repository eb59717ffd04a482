import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import type { OutboundOptions } from '../../outbound/outbound.ts';
import { Bench, eventsOf, input, renderRequest, replyWith, type Upstream } from '../upstream.fixture.ts';
import { createOpenAiModel } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());

const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const GRADIENT = readFileSync(new URL('../stability/fixtures/gradient.png', import.meta.url));
const CHECKER = readFileSync(new URL('../stability/fixtures/checker.png', import.meta.url));

interface Dialect {
  readonly upstreamModel?: string;
  readonly responseFormat?: 'b64_json' | 'url' | 'omit';
  readonly endUserField?: 'safety_identifier' | 'user' | 'omit';
  readonly apiKeyHeader?: 'authorization' | 'api-key';
}

function modelOf(upstream: Pick<Upstream, 'baseUrl'>, dialect: Dialect = {}, outbound: OutboundOptions = {}) {
  return createOpenAiModel({
    name: 'house-model',
    baseUrl: `${upstream.baseUrl}/v1`,
    deadlineMs: 5_000,
    maxReplyBytes: 1_000_000,
    apiKey: () => 'secret-key',
    apiKeyHeader: 'authorization',
    outbound: bench.outbound(outbound),
    ...dialect,
  });
}

async function sentBy(request: Partial<RenderRequest>, dialect: Dialect = {}) {
  const upstream = await bench.upstream(replyWith(fixture('generation.json')));
  await eventsOf(modelOf(upstream, dialect), renderRequest({ n: 2, ...request }));
  const [sent] = upstream.received;
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

async function formOf({ headers, body }: Awaited<ReturnType<typeof sentBy>>) {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  return Promise.all(
    [...form.entries()].map(async ([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, value.type, Buffer.from(await value.arrayBuffer())],
    ),
  );
}

async function answerOf(file: string, request: Partial<RenderRequest> = {}, status = 200): Promise<RenderEvent[]> {
  const upstream = await bench.upstream(replyWith(fixture(file), { status }));
  return eventsOf(modelOf(upstream), renderRequest(request));
}

const GARBAGE = { kind: 'failed', failure: { cause: 'garbage', reachedModel: true, retryable: false } };

describe('what goes out', () => {
  it('sends a generation with every parameter of the caller, unknown ones included', async () => {
    const parameters = { size: '1024x1024', seed: 7, moderation: 'low', future: { nested: [1, null] }, background: null };
    const { path, headers, body } = await sentBy({ parameters, endUser: 'eu_1' }, { upstreamModel: 'gpt-image-2' });
    expect(path).toBe('/v1/images/generations');
    expect(headers.authorization).toBe('Bearer secret-key');
    const expected = { model: 'gpt-image-2', prompt: 'a soft gradient', n: 2, ...parameters, safety_identifier: 'eu_1' };
    expect(JSON.parse(body.toString())).toEqual(expected);
  });

  it('does not let a parameter replace what was judged, or slip in another end user', async () => {
    const parameters = { prompt: 'other', n: 9, model: 'other', stream: true, images: ['x'], user: 'somebody' };
    const { body } = await sentBy({ parameters, endUser: 'eu_1' });
    expect(JSON.parse(body.toString())).toEqual({
      model: 'house-model',
      prompt: 'a soft gradient',
      n: 2,
      safety_identifier: 'eu_1',
    });
    const notes = modelOf({ baseUrl: 'http://x' }).plan(renderRequest({ parameters, endUser: 'eu_1' })).notes;
    expect(notes.map(({ name }) => name)).toEqual(['prompt', 'n', 'model', 'stream', 'images', 'user']);
  });

  it.each([
    [{ upstreamModel: 'gpt-image-2' }, undefined],
    [{ upstreamModel: 'dall-e-3' }, 'b64_json'],
    [{ upstreamModel: 'dall-e-3', responseFormat: 'url' }, 'url'],
    [{ upstreamModel: 'local', responseFormat: 'b64_json' }, 'b64_json'],
  ] as const)('asks for response_format only where the model takes it: %j', async (dialect, expected) => {
    const { body } = await sentBy({ outputFormat: 'webp' }, dialect);
    const sent = JSON.parse(body.toString());
    expect(sent.response_format).toBe(expected);
    expect(sent.output_format).toBe(dialect.upstreamModel === 'dall-e-3' ? undefined : 'webp');
  });

  it('uses the header and the end-user field that the operator chose', async () => {
    const { headers, body } = await sentBy({ endUser: 'eu_1' }, { apiKeyHeader: 'api-key', endUserField: 'user' });
    expect(headers).toMatchObject({ 'api-key': 'secret-key' });
    expect(headers.authorization).toBeUndefined();
    expect(JSON.parse(body.toString())).toMatchObject({ user: 'eu_1' });
  });

  it('sends an edit of one picture with its mask as a form', async () => {
    const inputs = [input(GRADIENT), input(CHECKER, 'mask', 1)];
    const sent = await sentBy({ operation: 'edit', inputs, parameters: { size: 'auto', tags: ['a', 'b'], svg: { depth: 2 } } });
    expect(sent.path).toBe('/v1/images/edits');
    expect(await formOf(sent)).toEqual([
      ['model', 'house-model'],
      ['prompt', 'a soft gradient'],
      ['n', '2'],
      ['size', 'auto'],
      ['tags[]', 'a'],
      ['tags[]', 'b'],
      ['svg[depth]', '2'],
      ['image', 'image/png', GRADIENT],
      ['mask', 'image/png', CHECKER],
    ]);
  });

  it('sends several pictures as image[], and a hostile parameter name cannot add a field', async () => {
    const inputs = [input(GRADIENT), input(CHECKER, 'image', 1)];
    const sent = await sentBy({ operation: 'edit', inputs, parameters: { 'a"\r\n\r\nx': 'b\r\n--c' } });
    const form = await formOf(sent);
    expect(form.map(([name]) => name)).toEqual(['model', 'prompt', 'n', 'a"\r\n\r\nx', 'image[]', 'image[]']);
  });

  it('sends a variation without prompt and stream, and says so', async () => {
    const request = {
      operation: 'variation',
      inputs: [input(GRADIENT)],
      stream: true,
      partialImages: 2,
      parameters: { style: null },
    } as const;
    const sent = await sentBy({ ...request, prompt: '' });
    expect(sent.path).toBe('/v1/images/variations');
    expect((await formOf(sent)).map(([name]) => name)).toEqual(['model', 'n', 'image']);
    const { notes } = modelOf({ baseUrl: 'http://x' }).plan(renderRequest(request));
    expect(notes.map(({ name }) => name)).toEqual(['stream', 'partial_images', 'prompt', 'style']);
  });

  it('has nothing to note about a plain request', () => {
    const request = renderRequest({ parameters: { size: 'auto', anything: 1 }, stream: true, partialImages: 3, outputFormat: 'webp' });
    expect(modelOf({ baseUrl: 'http://x' }).plan(request).notes).toEqual([]);
  });
});

describe('what comes back', () => {
  it('gives the pictures byte for byte, with usage', async () => {
    const [event, ...others] = await answerOf('generation.json', { n: 2 });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'final', usage: { total_tokens: 284 }, modelVersion: 'house-model' });
    const images = event?.kind === 'final' ? event.images : [];
    expect(images.map(({ bytes }) => Buffer.from(bytes))).toEqual([GRADIENT, CHECKER]);
    expect(images.map(({ revisedPrompt }) => revisedPrompt)).toEqual(['a soft gradient', undefined]);
  });

  it('delivers fewer pictures than asked for, and refuses more', async () => {
    expect(await answerOf('generation.json', { n: 3 })).toMatchObject([{ kind: 'final', images: [{}, {}] }]);
    expect(await answerOf('generation.json', { n: 1 })).toMatchObject([GARBAGE]);
  });

  it.each(['empty.json', 'not-a-picture.json', 'not-base64.json'])('takes no picture from %s', async (file) => {
    expect(await answerOf(file)).toMatchObject([GARBAGE]);
  });

  it('does not take a job for pictures', async () => {
    expect(await answerOf('job.json', {}, 202)).toMatchObject([GARBAGE]);
  });

  it('names the upstream’s error code when a parameter is not accepted', async () => {
    const failure = { cause: 'rejected_request', retryable: false, reachedModel: true, detail: 'status 400, unknown_parameter' };
    expect(await answerOf('unknown-parameter.json', {}, 400)).toEqual([{ kind: 'failed', failure }]);
  });

  it('fetches each picture URL once and without our key', async () => {
    const host = await bench.upstream((response) => response.end(GRADIENT));
    const json = readFileSync(fixture('generation-urls.json'), 'utf8').replace('PICTURE_HOST', `127.0.0.1:${host.port}`);
    const upstream = await bench.upstream((response) => response.end(json));
    const allowPrivate = [`127.0.0.1:${host.port}`];
    const events = await eventsOf(modelOf(upstream, {}, { allowPrivate }), renderRequest({ n: 2 }));
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }, { bytes: CHECKER }] }]);
    expect(host.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/a.png?sig=1', undefined]]);
  });

  it('does not fetch a picture from inside our network because an upstream says so', async () => {
    const host = await bench.upstream((response) => response.end(GRADIENT));
    const json = readFileSync(fixture('generation-urls.json'), 'utf8').replace('PICTURE_HOST', `127.0.0.1:${host.port}`);
    const upstream = await bench.upstream((response) => response.end(json));
    const [event] = await eventsOf(modelOf(upstream), renderRequest({ n: 2 }));
    expect(event).toMatchObject({ kind: 'failed', failure: { reachedModel: true, retryable: false } });
    expect(JSON.stringify(event)).not.toContain('sig=');
    expect(host.received).toHaveLength(0);
  });

  it('reports a refusal as a refusal', async () => {
    const file = new URL('../refusals/fixtures/openai-blocked-output.json', import.meta.url);
    const { reply } = JSON.parse(readFileSync(file, 'utf8'));
    const upstream = await bench.upstream((response) => response.writeHead(400).end(JSON.stringify(reply.body)));
    expect(await eventsOf(modelOf(upstream), renderRequest())).toMatchObject([{ kind: 'refused', refusal: { stage: 'output' } }]);
  });
});

describe('a stream', () => {
  const streamed = { stream: true, partialImages: 2 };

  it('gives the frames and then the picture', async () => {
    const upstream = await bench.upstream(replyWith(fixture('stream.sse')));
    const events = await eventsOf(modelOf(upstream), renderRequest(streamed));
    expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toMatchObject({ stream: true, partial_images: 2 });
    expect(events).toMatchObject([
      { kind: 'partial', index: 0, image: { bytes: CHECKER } },
      { kind: 'partial', index: 1, image: { bytes: CHECKER } },
      { kind: 'final', images: [{ bytes: GRADIENT }], usage: { total_tokens: 284 } },
    ]);
  });

  it('gives the same whatever the chunks it arrives in', async () => {
    const bytes = readFileSync(fixture('stream.sse'));
    const upstream = await bench.upstream(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let at = 0; at < bytes.byteLength; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        if (at % 140 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    const events = await eventsOf(modelOf(upstream), renderRequest(streamed));
    expect(events.map(({ kind }) => kind)).toEqual(['partial', 'partial', 'final']);
  });

  it('hands on no frames that nobody asked for', async () => {
    expect((await answerOf('stream.sse', { stream: true })).map(({ kind }) => kind)).toEqual(['final']);
  });

  it('reads lines that end in CRLF, edits and a [DONE]', async () => {
    expect(await answerOf('stream-crlf.sse', streamed)).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }] }]);
  });

  it('that is refused in the middle ends in the refusal', async () => {
    const refusal = { stage: 'output', categories: ['violence_gore'], upstreamCategories: ['violence'] };
    expect((await answerOf('stream-moderated.sse', streamed)).slice(1)).toMatchObject([{ kind: 'refused', refusal }]);
  });

  it('that errs, or ends without a picture, ends in a failure', async () => {
    const failure = { cause: 'server_error', reachedModel: true };
    expect((await answerOf('stream-error.sse', streamed)).slice(1)).toMatchObject([{ kind: 'failed', failure }]);
    expect((await answerOf('stream-without-end.sse', streamed)).slice(1)).toMatchObject([GARBAGE]);
  });

  it('whose connection breaks ends in a failure', async () => {
    const bytes = readFileSync(fixture('stream.sse'));
    const upstream = await bench.upstream((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(bytes.subarray(0, 1_000), () => setTimeout(() => response.destroy(), 20));
    });
    const events = await eventsOf(modelOf(upstream), renderRequest(streamed));
    expect(events.at(-1)).toMatchObject({ kind: 'failed', failure: { cause: 'reset' } });
  });

  it('is closed upstream as soon as nobody listens', async () => {
    let closed: () => void = () => undefined;
    const upstreamClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const upstream = await bench.upstream((response) => {
      response.on('close', closed);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(readFileSync(fixture('stream-without-end.sse')));
    });
    for await (const _ of modelOf(upstream).render(renderRequest(streamed), new AbortController().signal)) break;
    await upstreamClosed;
  });

  it('is not insisted on when the upstream answers in one piece', async () => {
    expect(await answerOf('generation.json', { ...streamed, n: 2 })).toMatchObject([{ kind: 'final', images: [{}, {}] }]);
  });
});
