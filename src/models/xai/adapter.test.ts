import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { Bench, eventsOf, input, renderRequest, replyWith } from '../upstream.fixture.ts';
import { createXaiModel } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());

const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const GRADIENT = readFileSync(new URL('../stability/fixtures/gradient.png', import.meta.url));
const DATA_URL = { url: `data:image/png;base64,${GRADIENT.toString('base64')}`, type: 'image_url' };

function modelOf(baseUrl: string) {
  const settings = { name: 'x', upstreamModel: 'grok-imagine-image', baseUrl, deadlineMs: 5_000, maxReplyBytes: 100_000 };
  return createXaiModel({ ...settings, apiKey: () => 'k', outbound: bench.outbound() });
}

async function run(file: string, request: Partial<RenderRequest> = {}, status = 200) {
  const upstream = await bench.upstream(replyWith(fixture(file), { status }));
  const events = await eventsOf(modelOf(upstream.baseUrl), renderRequest(request));
  const [sent] = upstream.received;
  return { events, path: sent?.path, headers: sent?.headers, body: JSON.parse(sent?.body.toString() ?? 'null') };
}

describe('what goes out to xAI', () => {
  it('turns a size into the nearest ratio and names what it cannot pass on', async () => {
    const parameters = { size: '1536x1024', quality: 'high', seed: 7, moderation: 'low', user: 'somebody' };
    const request = { parameters, endUser: 'eu_1', stream: true, partialImages: 1, outputFormat: 'webp' } as const;
    const { path, headers, body } = await run('generation.json', request);
    expect(path).toBe('/images/generations');
    expect(headers?.authorization).toBe('Bearer k');
    expect(body).toEqual({
      model: 'grok-imagine-image',
      prompt: 'a soft gradient',
      n: 1,
      response_format: 'b64_json',
      quality: 'high',
      aspect_ratio: '3:2',
      user: 'eu_1',
    });
    expect(modelOf('http://x').plan(renderRequest(request)).notes).toEqual([
      { name: 'stream', what: 'unsupported' },
      { name: 'partial_images', what: 'unsupported' },
      { name: 'output_format', what: 'unsupported' },
      { name: 'size', what: 'clamped', to: '3:2' },
      { name: 'seed', what: 'unsupported' },
      { name: 'moderation', what: 'unsupported' },
      { name: 'user', what: 'clamped' },
    ]);
  });

  it('sends an edit as JSON with data URLs, and notes the mask', async () => {
    const one = { operation: 'edit', inputs: [input(GRADIENT), input(GRADIENT, 'mask', 1)] } as const;
    const { path, body } = await run('generation.json', one);
    expect(path).toBe('/images/edits');
    expect(body).toMatchObject({ image: DATA_URL });
    expect(body).not.toHaveProperty('mask');
    expect(modelOf('http://x').plan(renderRequest(one)).notes).toEqual([{ name: 'mask', what: 'unsupported' }]);
    const two = await run('generation.json', { operation: 'edit', inputs: [input(GRADIENT), input(GRADIENT, 'image', 1)] });
    expect(two.body).toMatchObject({ images: [DATA_URL, DATA_URL] });
  });
});

describe('what comes back from xAI', () => {
  it('gives the picture and the cost', async () => {
    const { events } = await run('generation.json');
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }], usage: { cost_in_usd_ticks: 200_000_000 } }]);
  });

  it.each([
    ['moderated-flag.json', true],
    ['moderated-empty-data.json', false],
    ['moderated-empty-payload.json', null],
  ])('takes %s for the refusal that it is, although its status is 200', async (file, charged) => {
    const { events } = await run(file, { n: 2 });
    expect(events).toMatchObject([{ kind: 'refused', refusal: { stage: 'output', charged } }]);
  });

  it('reads all three shapes of errors', async () => {
    expect((await run('error-code-and-text.json', {}, 400)).events).toMatchObject([{ kind: 'refused', refusal: { stage: 'input' } }]);
    expect((await run('error-object.json', {}, 400)).events).toMatchObject([{ kind: 'failed', failure: { cause: 'rejected_request' } }]);
    expect((await run('error-text.json', {}, 401)).events).toMatchObject([{ kind: 'failed', failure: { cause: 'unauthorized' } }]);
  });
});
