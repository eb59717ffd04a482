import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench, eventsOf, renderRequest } from '../upstream.fixture.ts';
import { answerOf, CHECKER, fixture, GARBAGE, GRADIENT, modelOf } from './model.fixture.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe('what comes back', () => {
  it('gives the pictures byte for byte, with usage', async () => {
    const [event, ...others] = await answerOf(bench, 'generation.json', { n: 2 });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'final', usage: { total_tokens: 284 }, modelVersion: 'house-model' });
    const images = event?.kind === 'final' ? event.images : [];
    expect(images.map(({ bytes }) => Buffer.from(bytes))).toEqual([GRADIENT, CHECKER]);
    expect(images.map(({ revisedPrompt }) => revisedPrompt)).toEqual(['a soft gradient', undefined]);
  });

  it('delivers fewer pictures than asked for, and refuses more', async () => {
    expect(await answerOf(bench, 'generation.json', { n: 3 })).toMatchObject([{ kind: 'final', images: [{}, {}] }]);
    expect(await answerOf(bench, 'generation.json', { n: 1 })).toMatchObject([GARBAGE]);
  });

  it.each(['empty.json', 'not-a-picture.json', 'not-base64.json'])('takes no picture from %s', async (file) => {
    expect(await answerOf(bench, file)).toMatchObject([GARBAGE]);
  });

  it('does not take a job for pictures', async () => {
    expect(await answerOf(bench, 'job.json', {}, 202)).toMatchObject([GARBAGE]);
  });

  it('names the upstream’s error code when a parameter is not accepted', async () => {
    const failure = { cause: 'rejected_request', retryable: false, reachedModel: true, detail: 'status 400, unknown_parameter' };
    expect(await answerOf(bench, 'unknown-parameter.json', {}, 400)).toEqual([{ kind: 'failed', failure }]);
  });

  it('fetches each picture URL once and without our key', async () => {
    const host = await bench.upstream((response) => response.end(GRADIENT));
    const json = readFileSync(fixture('generation-urls.json'), 'utf8').replace('PICTURE_HOST', `127.0.0.1:${host.port}`);
    const upstream = await bench.upstream((response) => response.end(json));
    const allowPrivate = [`127.0.0.1:${host.port}`];
    const events = await eventsOf(modelOf(bench, upstream, {}, { allowPrivate }), renderRequest({ n: 2 }));
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }, { bytes: CHECKER }] }]);
    expect(host.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/a.png?sig=1', undefined]]);
  });

  it('does not fetch a picture from inside our network because an upstream says so', async () => {
    const host = await bench.upstream((response) => response.end(GRADIENT));
    const json = readFileSync(fixture('generation-urls.json'), 'utf8').replace('PICTURE_HOST', `127.0.0.1:${host.port}`);
    const upstream = await bench.upstream((response) => response.end(json));
    const [event] = await eventsOf(modelOf(bench, upstream), renderRequest({ n: 2 }));
    expect(event).toMatchObject({ kind: 'failed', failure: { reachedModel: true, retryable: false } });
    expect(JSON.stringify(event)).not.toContain('sig=');
    expect(host.received).toHaveLength(0);
  });

  it('reports a refusal as a refusal', async () => {
    const file = new URL('../refusals/fixtures/openai-blocked-output.json', import.meta.url);
    const { reply } = JSON.parse(readFileSync(file, 'utf8'));
    const upstream = await bench.upstream((response) => response.writeHead(400).end(JSON.stringify(reply.body)));
    expect(await eventsOf(modelOf(bench, upstream), renderRequest())).toMatchObject([{ kind: 'refused', refusal: { stage: 'output' } }]);
  });
});
