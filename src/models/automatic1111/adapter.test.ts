import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import type { IsBlack } from '../refusals/recognition.ts';
import { Bench, eventsOf, input, renderRequest, replyWith } from '../upstream.fixture.ts';
import { createAutomatic1111Model } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());

const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const GRADIENT = readFileSync(new URL('../stability/fixtures/gradient.png', import.meta.url));
const CHECKER = readFileSync(new URL('../stability/fixtures/checker.png', import.meta.url));
/** Stands for the worker: the only black picture among the fixtures is the one that is neither of the two others. */
const knowsFixtures: IsBlack = async (bytes) => !GRADIENT.equals(bytes) && !CHECKER.equals(bytes);

function modelOf(baseUrl: string, isBlack: IsBlack | undefined = knowsFixtures) {
  const settings = { name: 'local', baseUrl, deadlineMs: 5_000, maxReplyBytes: 100_000 };
  return createAutomatic1111Model({ ...settings, apiKey: () => 'user:pass', isBlack, outbound: bench.outbound() });
}

async function run(
  file: string,
  { request = {}, status = 200, isBlack }: { request?: Partial<RenderRequest>; status?: number; isBlack?: IsBlack } = {},
) {
  const upstream = await bench.upstream(replyWith(fixture(file), { status }));
  const events = await eventsOf(modelOf(upstream.baseUrl, isBlack), renderRequest({ n: 2, ...request }));
  const [sent] = upstream.received;
  return { events, path: sent?.path, headers: sent?.headers, body: JSON.parse(sent?.body.toString() ?? 'null') };
}

describe('what goes out to AUTOMATIC1111', () => {
  it('lets through an allow-list and nothing that switches checkpoint, censor or scripts', async () => {
    const parameters = {
      negative_prompt: 'text',
      steps: 20,
      size: '640x512',
      override_settings: { sd_model_checkpoint: 'other' },
      script_name: 'x',
      script_args: [],
      alwayson_scripts: { controlnet: {} },
      styles: ['x'],
      init_images: ['x'],
      save_images: true,
      seed: '7; DROP',
      denoising_strength: 0.1,
    };
    const { path, headers, body } = await run('pictures.json', { request: { parameters } });
    expect(path).toBe('/sdapi/v1/txt2img');
    expect(headers?.authorization).toBe(`Basic ${Buffer.from('user:pass').toString('base64')}`);
    expect(body).toEqual({
      prompt: 'a soft gradient',
      negative_prompt: 'text',
      steps: 20,
      width: 640,
      height: 512,
      n_iter: 2,
      batch_size: 1,
      send_images: true,
      save_images: false,
    });
    expect(
      modelOf('http://x')
        .plan(renderRequest({ parameters }))
        .notes.map(({ name }) => name),
    ).toEqual([
      'override_settings',
      'script_name',
      'script_args',
      'alwayson_scripts',
      'styles',
      'init_images',
      'save_images',
      'seed',
      'denoising_strength',
    ]);
  });

  it('sends an edit with its mask turned round', async () => {
    const inputs = [input(GRADIENT), input(CHECKER, 'mask', 1)];
    const request = { operation: 'edit', inputs, parameters: { denoising_strength: 0.5 } } as const;
    const { path, body } = await run('pictures.json', { request });
    expect(path).toBe('/sdapi/v1/img2img');
    expect(body).toMatchObject({
      init_images: [GRADIENT.toString('base64')],
      mask: CHECKER.toString('base64'),
      inpainting_mask_invert: 1,
      denoising_strength: 0.5,
    });
    expect(modelOf('http://x').plan(renderRequest(request)).notes).toEqual([]);
  });
});

describe('what comes back from AUTOMATIC1111', () => {
  it('gives the pictures and names the checkpoint', async () => {
    const { events } = await run('pictures.json');
    const images = [{ bytes: GRADIENT }, { bytes: CHECKER }];
    expect(events).toEqual([{ kind: 'final', images, usage: null, modelVersion: 'model-x@abcdef0123' }]);
  });

  it('leaves out the contact sheet', async () => {
    const { events } = await run('contact-sheet.json');
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }, { bytes: GRADIENT }] }]);
  });

  it('takes a black picture for the refusal that it is', async () => {
    const { events } = await run('black.json');
    expect(events).toMatchObject([{ kind: 'refused', refusal: { stage: 'output' } }]);
  });

  it('refuses when nothing can tell whether the picture is black', async () => {
    const isBlack = () => Promise.reject(new Error('the worker died'));
    const { events } = await run('pictures.json', { isBlack });
    expect(events).toMatchObject([{ kind: 'refused', refusal: { stage: 'unknown' } }]);
  });

  it('cannot be set up without something that tells black pictures', () => {
    const settings = { name: 'local', baseUrl: 'http://x', deadlineMs: 1_000, maxReplyBytes: 1_000 };
    expect(() => createAutomatic1111Model({ ...settings, outbound: bench.outbound() })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('reports its errors as failures', async () => {
    const memory = await run('out-of-memory.json', { status: 500 });
    expect(memory.events).toMatchObject([{ kind: 'failed', failure: { cause: 'server_error', detail: 'status 500, OutOfMemoryError' } }]);
    const script = await run('script-not-found.json', { status: 422 });
    expect(script.events).toMatchObject([{ kind: 'failed', failure: { cause: 'rejected_request' } }]);
  });
});
