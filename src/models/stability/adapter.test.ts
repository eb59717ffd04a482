import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { Bench, eventsOf, input, renderRequest, replyWith } from '../upstream.fixture.ts';
import { createStabilityModel } from './adapter.ts';
import type { StabilityEngine } from './map-request.ts';

const bench = new Bench();
afterEach(() => bench.close());

const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const GRADIENT = readFileSync(fixture('gradient.png'));
const GOOD = { headers: { 'finish-reason': 'SUCCESS' } };

function modelOf(baseUrl: string, engine: StabilityEngine = 'core') {
  const settings = { name: 's', baseUrl, engine, upstreamModel: 'sd3.5-large', deadlineMs: 5_000, maxReplyBytes: 100_000 };
  return createStabilityModel({ ...settings, apiKey: () => 'k', outbound: bench.outbound() });
}

async function run(
  file: string,
  reply: Parameters<typeof replyWith>[1] = {},
  request: Partial<RenderRequest> = {},
  engine?: StabilityEngine,
) {
  const upstream = await bench.upstream(replyWith(fixture(file), reply));
  const model = modelOf(upstream.baseUrl, engine);
  const events = await eventsOf(model, renderRequest(request));
  const [sent] = upstream.received;
  const contentType = sent?.headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(sent?.body ?? []), { headers: { 'content-type': contentType } }).formData();
  const fields = Object.fromEntries([...form.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : value.type]));
  return { events, path: sent?.path, headers: sent?.headers, fields, notes: model.plan(renderRequest(request)).notes };
}

describe('what goes out to Stability', () => {
  it('sends a form even without a file, one picture at a time, and names what it cannot pass on', async () => {
    const parameters = { size: '1024x1536', seed: 7, negative_prompt: 'text', quality: 'high' };
    const { path, headers, fields, notes } = await run('gradient.png', GOOD, { n: 3, parameters, endUser: 'eu_1', outputFormat: 'webp' });
    expect(path).toBe('/v2beta/stable-image/generate/core');
    expect(headers).toMatchObject({ authorization: 'Bearer k', accept: 'image/*', 'stability-client-user-id': 'eu_1' });
    expect(fields).toEqual({ prompt: 'a soft gradient', seed: '7', negative_prompt: 'text', aspect_ratio: '2:3', output_format: 'webp' });
    expect(notes).toEqual([
      { name: 'n', what: 'clamped', to: '1' },
      { name: 'size', what: 'clamped', to: '2:3' },
      { name: 'quality', what: 'unsupported' },
    ]);
  });

  it('sends an edit to sd3 with strength and without a ratio', async () => {
    const inputs = [input(GRADIENT), input(GRADIENT, 'mask', 1)];
    const request = { operation: 'edit', inputs, parameters: { size: '1024x1024', strength: 0.4 } } as const;
    const { path, fields, notes } = await run('gradient.png', GOOD, request, 'sd3');
    expect(path).toBe('/v2beta/stable-image/generate/sd3');
    expect(fields).toEqual({
      prompt: 'a soft gradient',
      model: 'sd3.5-large',
      mode: 'image-to-image',
      strength: '0.4',
      image: 'image/png',
      output_format: 'png',
    });
    expect(notes).toEqual([
      { name: 'mask', what: 'unsupported' },
      { name: 'size', what: 'unsupported' },
    ]);
  });

  it('offers edits only where the engine has them', () => {
    expect(modelOf('http://x', 'core').operations).toEqual(['generate']);
    expect(modelOf('http://x', 'ultra').operations).toEqual(['generate', 'edit']);
  });
});

describe('what comes back from Stability', () => {
  it('gives the picture, raw or in JSON', async () => {
    const final = [{ kind: 'final', images: [{ bytes: GRADIENT }] }];
    expect((await run('gradient.png', GOOD)).events).toMatchObject(final);
    expect((await run('success.json')).events).toMatchObject(final);
  });

  it('does not pass off the blurred picture of a refusal as the result', async () => {
    const refused = [{ kind: 'refused', refusal: { stage: 'output' } }];
    expect((await run('filtered.json')).events).toMatchObject(refused);
    expect((await run('checker.png', { headers: { 'finish-reason': 'CONTENT_FILTERED' } })).events).toMatchObject(refused);
  });

  it('does not trust a picture that comes without a finish reason', async () => {
    const garbage = [{ kind: 'failed', failure: { cause: 'garbage' } }];
    expect((await run('checker.png')).events).toMatchObject(garbage);
    expect((await run('no-finish-reason.json')).events).toMatchObject(garbage);
  });

  it('tells a refused prompt from a wrong parameter', async () => {
    const refused = [{ kind: 'refused', refusal: { stage: 'input' } }];
    expect((await run('content-moderation.json', { status: 403 })).events).toMatchObject(refused);
    const failure = { cause: 'rejected_request', detail: 'status 400, bad_request' };
    expect((await run('bad-request.json', { status: 400 })).events).toMatchObject([{ kind: 'failed', failure }]);
  });
});
