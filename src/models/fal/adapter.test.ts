import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { bodiesOf, CHECKER, GRADIENT, jobUpstream } from '../job-upstream.fixture.ts';
import { Bench, eventsOf, renderRequest } from '../upstream.fixture.ts';
import { createFalModel, FAL_SETTINGS } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());
const file = (name: string, status = 200) => ({ file: new URL(`./fixtures/${name}.json`, import.meta.url), status });

/** Stands for the worker that looks at pixels: the checkered picture is the black one. */
const isBlack = async (bytes: Uint8Array) => Buffer.from(bytes).equals(CHECKER);

async function run(
  result: string,
  {
    picture = GRADIENT,
    request = {},
    submitted = file('queued'),
  }: { picture?: Buffer; request?: Partial<RenderRequest>; submitted?: object } = {},
) {
  const upstream = await jobUpstream(bench, {
    '/owner/app': { ...file('queued'), ...submitted },
    '/owner/app/requests/a1/status': [file('in-progress'), file('completed')],
    '/owner/app/requests/a1': result === 'policy' ? file(result, 422) : file(result),
    '/files/out.png': { picture },
  });
  const settings = FAL_SETTINGS.parse({ baseUrl: upstream.baseUrl, upstreamModel: 'owner/app', deadlineMs: 5_000 });
  const model = createFalModel({ name: 'f', ...settings, apiKey: () => 'k', outbound: bench.outbound(), isBlack });
  return { events: await eventsOf(model, renderRequest(request)), upstream };
}

describe("fal's queue", () => {
  it('submits, waits, fetches the result and then the picture, which gets no key', async () => {
    const { events, upstream } = await run('result', { request: { parameters: { size: '768x512' } } });
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }] }]);
    expect(bodiesOf(upstream)).toEqual([
      {
        prompt: 'a soft gradient',
        num_images: 1,
        output_format: 'png',
        image_size: { width: 768, height: 512 },
        enable_safety_checker: true,
      },
    ]);
    const [last] = upstream.received.slice(-1);
    expect({ path: last?.path, key: last?.headers.authorization }).toEqual({ path: '/files/out.png', key: undefined });
    expect(upstream.received[0]?.headers.authorization).toBe('Key k');
  });

  it.each([
    ['flagged', GRADIENT, { kind: 'refused', refusal: { stage: 'output' } }],
    ['without-flags', CHECKER, { kind: 'refused', refusal: { stage: 'output' } }],
    ['policy', GRADIENT, { kind: 'refused', refusal: { stage: 'input' } }],
  ])('takes %s for the refusal that it is', async (result, picture, expected) => {
    expect((await run(result, { picture })).events).toMatchObject([expected]);
  });

  it('tells a wrong field from a refusal, and goes to no other host with our key', async () => {
    const wrong = await run('result', { submitted: file('bad-field', 422) });
    expect(wrong.events).toMatchObject([
      { kind: 'failed', failure: { cause: 'rejected_request', detail: 'status 422, type_error.integer' } },
    ]);
    const away = await run('result', { submitted: file('queued-elsewhere') });
    expect(away.events).toMatchObject([{ kind: 'failed', failure: { cause: 'garbage', detail: 'a job at another host' } }]);
    expect(away.upstream.received).toHaveLength(1);
  });
});
