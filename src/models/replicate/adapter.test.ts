import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { dataUrl } from '../image-bytes.ts';
import { bodiesOf, GRADIENT, jobUpstream } from '../job-upstream.fixture.ts';
import { Bench, eventsOf, input, renderRequest } from '../upstream.fixture.ts';
import { createReplicateModel, REPLICATE_SETTINGS } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());
const file = (name: string) => ({ file: new URL(`./fixtures/${name}.json`, import.meta.url) });

function modelOf(baseUrl: string, more: Record<string, unknown> = {}) {
  const settings = REPLICATE_SETTINGS.parse({ baseUrl, upstreamModel: 'owner/name', deadlineMs: 5_000, ...more });
  return createReplicateModel({ name: 'r', ...settings, apiKey: () => 'k', outbound: bench.outbound() });
}

async function run(polls: readonly string[], request: Partial<RenderRequest> = {}, more: Record<string, unknown> = {}) {
  const [first = '', ...rest] = polls;
  const upstream = await jobUpstream(bench, {
    '/models/owner/name/predictions': first === 'unauthorized' ? { ...file(first), status: 401 } : file(first),
    '/predictions/q6r9x1': rest.map(file),
    '/files/out.png': { picture: GRADIENT },
  });
  const events = await eventsOf(modelOf(upstream.baseUrl, more), renderRequest(request));
  return { events, upstream };
}

describe('Replicate', () => {
  it('submits once, polls at the configured host whatever the answer names, and fetches the picture without our key', async () => {
    const { events, upstream } = await run(['starting', 'processing', 'succeeded'], { parameters: { size: '1536x1024', seed: 7 } });
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }], modelVersion: 'owner/name' }]);
    expect(upstream.received.map(({ path }) => path)).toEqual([
      '/models/owner/name/predictions',
      '/predictions/q6r9x1',
      '/predictions/q6r9x1',
      '/files/out.png',
    ]);
    expect(bodiesOf(upstream)).toEqual([{ input: { prompt: 'a soft gradient', aspect_ratio: '3:2', seed: 7, output_format: 'png' } }]);
    expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer k', 'Bearer k', 'Bearer k', undefined]);
  });

  it('sends an edit in the field that the operator named, and fixes what the operator fixed', async () => {
    const settings = { imageField: 'input_image', input: { go_fast: false, seed: 1 } };
    const request = { operation: 'edit', inputs: [input(GRADIENT)], parameters: { seed: 7, disable_safety_checker: true } } as const;
    const { upstream } = await run(['succeeded'], request, settings);
    expect(bodiesOf(upstream)[0]).toEqual({
      input: { prompt: 'a soft gradient', seed: 1, go_fast: false, output_format: 'png', input_image: dataUrl(GRADIENT) },
    });
    expect(modelOf('http://x', settings).plan(renderRequest(request)).notes).toEqual([
      { name: 'disable_safety_checker', what: 'unsupported' },
    ]);
  });

  it('lets no operator offer callers a way around the safety checker by mistake', () => {
    expect(() => modelOf('http://x', { parameters: ['disable_safety_checker'] })).toThrow(/callers may not set this/);
  });

  it.each([
    ['starting,flagged', { kind: 'refused', refusal: { stage: 'unknown', retryable: false } }],
    ['starting,crashed', { kind: 'failed', failure: { cause: 'server_error', reachedModel: true } }],
    ['unauthorized', { kind: 'failed', failure: { cause: 'unauthorized' } }],
    ['empty', { kind: 'failed', failure: { cause: 'garbage' } }],
    ['no-id', { kind: 'failed', failure: { cause: 'garbage' } }],
  ])('tells %s for what it is', async (polls, expected) => {
    expect((await run(polls.split(','))).events).toMatchObject([expected]);
  });
});
