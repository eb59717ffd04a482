import { afterEach, describe, expect, it } from 'vitest';
import { base64 } from '../image-bytes.ts';
import { bodiesOf, GRADIENT, jobUpstream } from '../job-upstream.fixture.ts';
import { Bench, eventsOf, input, renderRequest } from '../upstream.fixture.ts';
import { createGeminiModel } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());

async function run(name: string, { status = 200, request = renderRequest() } = {}) {
  const file = new URL(`./fixtures/${name}.json`, import.meta.url);
  const upstream = await jobUpstream(bench, { '/v1beta/models/image-model:generateContent': { file, status } });
  const settings = {
    name: 'g',
    baseUrl: `${upstream.baseUrl}/v1beta`,
    upstreamModel: 'image-model',
    deadlineMs: 5_000,
    maxReplyBytes: 100_000,
  };
  const model = createGeminiModel({ ...settings, apiKey: () => 'k', outbound: bench.outbound() });
  return { events: await eventsOf(model, request), upstream, notes: model.plan(request).notes };
}

describe('Gemini', () => {
  it('gives the picture among the parts, and what it cost', async () => {
    const { events, upstream } = await run('picture', {
      request: renderRequest({ parameters: { size: '1024x1536', safetySettings: 'x' } }),
    });
    expect(events).toMatchObject([
      { kind: 'final', images: [{ bytes: GRADIENT }], usage: { totalTokenCount: 1299 }, modelVersion: 'gemini-image-1' },
    ]);
    expect(bodiesOf(upstream)).toEqual([
      {
        contents: [{ role: 'user', parts: [{ text: 'a soft gradient' }] }],
        generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '2:3' } },
      },
    ]);
    expect(upstream.received[0]?.headers['x-goog-api-key']).toBe('k');
  });

  it('sends the pictures of an edit beside the words', async () => {
    const { upstream } = await run('picture', { request: renderRequest({ operation: 'edit', inputs: [input(GRADIENT)] }) });
    const parts = [{ text: 'a soft gradient' }, { inlineData: { mimeType: 'image/png', data: base64(GRADIENT) } }];
    expect(bodiesOf(upstream)[0]).toMatchObject({ contents: [{ parts }] });
  });

  it.each([
    ['prose', 'unknown'],
    ['image-safety', 'output'],
    ['blocked-prompt', 'input'],
  ])('takes %s for a refusal, although its status is 200', async (name, stage) => {
    expect((await run(name)).events).toMatchObject([{ kind: 'refused', refusal: { stage } }]);
  });

  it('tells a quota from a refusal', async () => {
    const failure = { cause: 'rate_limited', retryable: true, detail: 'status 429, RESOURCE_EXHAUSTED' };
    expect((await run('exhausted', { status: 429 })).events).toMatchObject([{ kind: 'failed', failure }]);
  });
});
