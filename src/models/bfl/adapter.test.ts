import { afterEach, describe, expect, it } from 'vitest';
import { base64 } from '../image-bytes.ts';
import { bodiesOf, GRADIENT, jobUpstream } from '../job-upstream.fixture.ts';
import { Bench, eventsOf, input, renderRequest } from '../upstream.fixture.ts';
import { BFL_SETTINGS, createBflModel, isOfService } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());
const file = (name: string, status = 200) => ({ file: new URL(`./fixtures/${name}.json`, import.meta.url), status });

async function run(polls: readonly string[], { submitted = file('submitted'), request = renderRequest(), edits = false } = {}) {
  const upstream = await jobUpstream(bench, {
    '/v1/flux': submitted,
    '/v1/get_result': polls.map((name) => file(name)),
    '/files/out.png': { picture: GRADIENT },
  });
  const settings = BFL_SETTINGS.parse({ baseUrl: `${upstream.baseUrl}/v1`, upstreamModel: 'flux', deadlineMs: 5_000, edits });
  const model = createBflModel({ name: 'b', ...settings, apiKey: () => 'k', outbound: bench.outbound() });
  return { events: await eventsOf(model, request), upstream, notes: model.plan(request).notes };
}

describe('Black Forest Labs', () => {
  it('polls until the picture is ready; how tolerant the filter is, is not for callers to say', async () => {
    const request = renderRequest({ parameters: { size: '1024x768', safety_tolerance: 6 } });
    const { events, upstream, notes } = await run(['pending', 'ready'], { request });
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }], modelVersion: 'flux' }]);
    expect(bodiesOf(upstream)).toEqual([
      { prompt: 'a soft gradient', width: 1024, height: 768, output_format: 'png', safety_tolerance: 2 },
    ]);
    expect(notes).toEqual([{ name: 'safety_tolerance', what: 'unsupported' }]);
    expect(upstream.received.map(({ headers }) => headers['x-key'])).toEqual(['k', 'k', 'k', undefined]);
  });

  it('sends the picture of an edit', async () => {
    const request = renderRequest({ operation: 'edit', inputs: [input(GRADIENT)] });
    const { upstream } = await run(['ready'], { request, edits: true });
    expect(bodiesOf(upstream)[0]).toMatchObject({ input_image: base64(GRADIENT) });
  });

  it.each([
    ['request-moderated', { kind: 'refused', refusal: { stage: 'input' } }],
    ['content-moderated', { kind: 'refused', refusal: { stage: 'output' } }],
    ['not-found', { kind: 'failed', failure: { cause: 'garbage' } }],
  ])('hears %s while polling', async (name, expected) => {
    expect((await run(['pending', name])).events).toMatchObject([expected]);
  });

  it('tells an empty account from a refusal, and goes to no host of somebody else with our key', async () => {
    const poor = await run([], { submitted: file('no-credits', 402) });
    expect(poor.events).toMatchObject([{ kind: 'failed', failure: { cause: 'unauthorized' } }]);
    const away = await run([], { submitted: file('submitted-elsewhere') });
    expect(away.events).toMatchObject([{ kind: 'failed', failure: { cause: 'garbage' } }]);
    expect(away.upstream.received).toHaveLength(1);
  });

  it.each([
    ['https://api.eu1.bfl.ai/v1/get_result?id=1', 'https://api.bfl.ai/v1', true],
    ['https://api.bfl.ai.example/x', 'https://api.bfl.ai/v1', false],
    ['http://api.eu1.bfl.ai/x', 'https://api.bfl.ai/v1', false],
    ['https://somebody.azurewebsites.net/x', 'https://ours.azurewebsites.net/v1', false],
    ['https://other.co.uk/x', 'https://proxy.co.uk/v1', false],
    ['not an address', 'https://api.bfl.ai/v1', false],
  ])('our key goes to %s for %s: %s', (url, baseUrl, expected) => {
    expect(isOfService(url, baseUrl)).toBe(expected);
  });
});
