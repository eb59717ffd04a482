import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { GRADIENT, jobUpstream } from '../job-upstream.fixture.ts';
import { Bench, eventsOf, input, renderRequest } from '../upstream.fixture.ts';
import { COMFYUI_SETTINGS, createComfyUiModel } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());
const file = (name: string) => ({ file: new URL(`./fixtures/${name}.json`, import.meta.url) });

const SLOTS = {
  prompt: { at: '6.text', type: 'text' },
  seed: { at: '3.seed', type: 'integer', max: 1_000 },
  cfg: { at: '3.cfg', type: 'number', min: 1, max: 12 },
  width: { at: '5.width', type: 'integer', min: 256, max: 1_024 },
  height: { at: '5.height', type: 'integer', min: 256, max: 1_024 },
  sampler_name: { at: '3.sampler_name', type: 'choice', of: ['euler', 'dpmpp_2m'] },
};

function modelOf(baseUrl: string, slots: object = SLOTS, workflow = 'workflow.json') {
  const path = fileURLToPath(new URL(`./fixtures/${workflow}`, import.meta.url));
  const settings = COMFYUI_SETTINGS.parse({ baseUrl, workflow: path, slots, output: '9', deadlineMs: 5_000 });
  return createComfyUiModel({ name: 'c', ...settings, outbound: bench.outbound() });
}

async function run(
  history: readonly string[],
  { request = {} as Partial<RenderRequest>, slots = SLOTS as object, submitted = 'submitted' } = {},
) {
  const upstream = await jobUpstream(bench, {
    '/prompt': { ...file(submitted), status: submitted === 'submitted' ? 200 : 400 },
    '/history/7d1c': history.map(file),
    '/view': { picture: GRADIENT },
    '/upload/image': file('uploaded'),
  });
  const events = await eventsOf(modelOf(upstream.baseUrl, slots), renderRequest(request));
  const posted = upstream.received.find(({ path }) => path === '/prompt');
  return { events, upstream, graph: posted === undefined ? undefined : JSON.parse(posted.body.toString()).prompt };
}

describe('ComfyUI', () => {
  it("fills the slots of the operator's workflow, and takes the pictures of its output node alone", async () => {
    const parameters = { size: '768x512', seed: 5, sampler_name: 'dpmpp_2m' };
    const { events, upstream, graph } = await run(['pending', 'done'], { request: { parameters } });
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }], modelVersion: 'c' }]);
    expect(graph['6'].inputs.text).toBe('a soft gradient');
    expect(graph['3'].inputs).toMatchObject({ seed: 5, steps: 20, cfg: 7.5, sampler_name: 'dpmpp_2m', positive: ['6', 0] });
    expect(graph['5'].inputs).toEqual({ width: 768, height: 512, batch_size: 1 });
    const views = upstream.received.filter(({ path }) => path.startsWith('/view'));
    expect(views.map(({ path }) => path)).toEqual(['/view?filename=out+1.png&subfolder=a%26b&type=output']);
  });

  it("leaves out what fits no slot, says so, and never sends a caller's graph", async () => {
    const request = {
      parameters: { seed: 9_999, cfg: 99, sampler_name: '__proto__', workflow: { '1': {} }, steps: 500, extra_data: 'x' },
    } as const;
    const { graph } = await run(['done'], { request });
    expect(graph['3'].inputs).toMatchObject({ steps: 20, cfg: 7.5, sampler_name: 'euler', seed: 0 });
    expect(Object.keys(graph)).toEqual(['3', '5', '6', '9', '10']);
    const names = modelOf('http://x')
      .plan(renderRequest(request))
      .notes.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['cfg', 'extra_data', 'sampler_name', 'seed', 'steps', 'workflow']);
  });

  it('puts the picture of an edit on the server under a name of our own', async () => {
    const slots = { ...SLOTS, image: { at: '10.image', type: 'image' } };
    const request = { operation: 'edit', inputs: [input(GRADIENT)] } as const;
    const { graph, upstream } = await run(['done'], { request, slots });
    expect(graph['10'].inputs.image).toBe('imprimatur-1.png');
    const sent = upstream.received.find(({ path }) => path === '/upload/image');
    expect(sent?.body.toString('latin1')).toMatch(/filename="imprimatur-[0-9a-f-]{36}\.png"/);
    expect(modelOf('http://x', slots).operations).toEqual(['edit']);
  });

  it.each([
    ['safety', { kind: 'refused', refusal: { stage: 'unknown' } }],
    ['swallowed', { kind: 'refused', refusal: { stage: 'unknown' } }],
    ['broken', { kind: 'failed', failure: { cause: 'server_error' } }],
    ['other-node', { kind: 'failed', failure: { cause: 'garbage' } }],
  ])('tells %s for what it is', async (name, expected) => {
    expect((await run(['pending', name])).events).toMatchObject([expected]);
  });

  it('tells a graph that the server does not take', async () => {
    const failure = { cause: 'rejected_request', detail: 'status 400, prompt_outputs_failed_validation' };
    expect((await run([], { submitted: 'invalid-graph' })).events).toMatchObject([{ kind: 'failed', failure }]);
  });

  it.each([
    ['without a slot for the prompt', { seed: { at: '3.seed', type: 'integer', max: 9 } }, 'workflow.json', /needs a slot "prompt"/],
    [
      'with a slot that leads nowhere',
      { prompt: { at: '99.text', type: 'text' } },
      'workflow.json',
      /leads to 99\.text, which is not in the workflow/,
    ],
    ['with a slot that another node fills', { prompt: { at: '3.positive', type: 'text' } }, 'workflow.json', /which another node fills/],
    ['that is no workflow', SLOTS, 'submitted.json', /no workflow in ComfyUI's API format/],
  ])('does not start %s', (_what, slots, workflow, message) => {
    expect(() => modelOf('http://x', slots, workflow)).toThrow(message);
  });
});
