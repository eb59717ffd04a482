import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench, eventsOf, renderRequest, replyWith } from '../upstream.fixture.ts';
import { answerOf, CHECKER, fixture, GARBAGE, GRADIENT, modelOf } from './model.fixture.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe('a stream', () => {
  const streamed = { stream: true, partialImages: 2 };

  it('gives the frames and then the picture', async () => {
    const upstream = await bench.upstream(replyWith(fixture('stream.sse')));
    const events = await eventsOf(modelOf(bench, upstream), renderRequest(streamed));
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
    const events = await eventsOf(modelOf(bench, upstream), renderRequest(streamed));
    expect(events.map(({ kind }) => kind)).toEqual(['partial', 'partial', 'final']);
  });

  it('hands on no frames that nobody asked for', async () => {
    expect((await answerOf(bench, 'stream.sse', { stream: true })).map(({ kind }) => kind)).toEqual(['final']);
  });

  it('reads lines that end in CRLF, edits and a [DONE]', async () => {
    expect(await answerOf(bench, 'stream-crlf.sse', streamed)).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }] }]);
  });

  it('that is refused in the middle ends in the refusal', async () => {
    const refusal = { stage: 'output', categories: ['violence_gore'], upstreamCategories: ['violence'] };
    expect((await answerOf(bench, 'stream-moderated.sse', streamed)).slice(1)).toMatchObject([{ kind: 'refused', refusal }]);
  });

  it('that errs, or ends without a picture, ends in a failure', async () => {
    const failure = { cause: 'server_error', reachedModel: true };
    expect((await answerOf(bench, 'stream-error.sse', streamed)).slice(1)).toMatchObject([{ kind: 'failed', failure }]);
    expect((await answerOf(bench, 'stream-without-end.sse', streamed)).slice(1)).toMatchObject([GARBAGE]);
  });

  it('whose connection breaks ends in a failure', async () => {
    const bytes = readFileSync(fixture('stream.sse'));
    const upstream = await bench.upstream((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(bytes.subarray(0, 1_000), () => setTimeout(() => response.destroy(), 20));
    });
    const events = await eventsOf(modelOf(bench, upstream), renderRequest(streamed));
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
    for await (const _ of modelOf(bench, upstream).render(renderRequest(streamed), new AbortController().signal)) break;
    await upstreamClosed;
  });

  it('is not insisted on when the upstream answers in one piece', async () => {
    expect(await answerOf(bench, 'generation.json', { ...streamed, n: 2 })).toMatchObject([{ kind: 'final', images: [{}, {}] }]);
  });
});
