import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageModel, RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { eventsOf, input, renderRequest } from '../upstream.fixture.ts';
import { createDemoModel } from './demo-model.ts';

let pool: WorkerPool;
let model: ImageModel;
beforeAll(() => {
  pool = createWorkerPool({ size: 1 });
  model = createDemoModel({ name: 'demo', pool });
});
afterAll(() => pool?.close());

const SMALL = { size: '128x96' };
type Final = Extract<RenderEvent, { kind: 'final' }>;

async function final(more: Partial<RenderRequest> = {}): Promise<Final> {
  const events = await eventsOf(model, renderRequest({ parameters: SMALL, ...more }));
  const last = events.at(-1);
  if (last?.kind !== 'final') throw new Error(`no picture: ${JSON.stringify(last)}`);
  return last;
}
const picture = async (more: Partial<RenderRequest> = {}) => Buffer.from((await final(more)).images[0]!.bytes);
const rgba = (bytes: Uint8Array) => sharp(bytes).ensureAlpha().raw().toBuffer();

describe('the demo model', () => {
  it('gives the same bytes for the same request, in another process too', async () => {
    const other = createWorkerPool({ size: 1 });
    const request = renderRequest({ prompt: 'a red ball on a blue table', parameters: SMALL });
    const [event] = await eventsOf(createDemoModel({ name: 'demo', pool: other }), request);
    await other.close();
    expect(event?.kind === 'final' && Buffer.from(event.images[0]!.bytes).equals(await picture(request))).toBe(true);
  });

  it('paints another picture for another prompt, another seed, and each of n', async () => {
    const [a, b] = [await picture({ prompt: 'the sea' }), await picture({ prompt: 'a city at night' })];
    const c = await picture({ prompt: 'the sea', parameters: { ...SMALL, seed: 7 } });
    const { images } = await final({ prompt: 'the sea', n: 3 });
    expect(images).toHaveLength(3);
    expect(new Set([a, b, c, ...images.slice(1).map(({ bytes }) => Buffer.from(bytes))].map((one) => one.toString('base64'))).size).toBe(5);
    expect(a.equals(images[0]!.bytes)).toBe(true);
  });

  it.each(['1024x1024', '1536x1024', '1024x1536', '64x64', '2048x768'])('paints %s and says so', async (size) => {
    const { images, details } = await final({ prompt: 'mountains', parameters: { size, quality: 'low' } });
    const { width, height } = await sharp(images[0]!.bytes).metadata();
    expect([`${width}x${height}`, details]).toEqual([size, { size, quality: 'low', background: 'opaque' }]);
  });

  it('paints a square of 1024 pixels when the size is left to it', async () => {
    expect((await final({ parameters: { size: 'auto' } })).details).toMatchObject({ size: '1024x1024', quality: 'medium' });
  });

  it.each(['png', 'jpeg', 'webp', 'gif', 'svg'] as const)('makes a %s', async (outputFormat) => {
    const { format, pages } = await sharp(await picture({ outputFormat }), { animated: true }).metadata();
    expect(format).toBe(outputFormat);
    expect(outputFormat === 'gif' ? (pages ?? 1) >= 3 : pages === undefined || pages === 1).toBe(true);
  });

  it('animates: no two neighboring frames of a GIF are the same', async () => {
    const parameters = { ...SMALL, frame_count: 5, frame_duration_ms: 80 };
    const gif = await picture({ prompt: 'the sea at sunset', outputFormat: 'gif', parameters });
    const { pages, delay } = await sharp(gif, { animated: true }).metadata();
    expect([pages, delay]).toEqual([5, [80, 80, 80, 80, 80]]);
    const frames = await Promise.all([0, 1, 2, 3, 4].map((page) => rgba2(gif, page)));
    for (const [index, frame] of frames.entries()) expect(frame.equals(frames[(index + 1) % 5]!)).toBe(false);
  });

  it('compresses JPEG as far as asked', async () => {
    const at = (output_compression: number) => picture({ outputFormat: 'jpeg', parameters: { ...SMALL, output_compression } });
    expect((await at(20)).length).toBeLessThan((await at(95)).length);
  });

  it('leaves the ground out of a picture with a transparent background', async () => {
    const parameters = { ...SMALL, background: 'transparent' };
    const { channels } = await sharp(await picture({ prompt: 'a red ball', parameters })).stats();
    expect(channels).toHaveLength(4);
    expect([channels[3]?.min, channels[3]?.max]).toEqual([0, 255]);
    const opaque = await sharp(await picture({ prompt: 'a red ball' })).metadata();
    expect(opaque.hasAlpha).toBe(false);
  });

  it('shows more detail in a higher quality', async () => {
    const at = async (quality: string) => sharp(await picture({ prompt: 'poppies', parameters: { size: '512x512', quality } })).stats();
    expect((await at('low')).sharpness).toBeLessThan((await at('high')).sharpness);
  });

  it('shows the same painting getting finer while it streams', async () => {
    const request = renderRequest({ prompt: 'the sea at sunset', stream: true, partialImages: 3, parameters: { size: '256x256' } });
    const events = await eventsOf(model, request);
    expect(events.map((event) => (event.kind === 'partial' ? event.index : event.kind))).toEqual([0, 1, 2, 'final']);
    const shots = events.flatMap((event) => (event.kind === 'partial' ? [event.image] : event.kind === 'final' ? event.images : []));
    const [finished, ...drafts] = (await Promise.all(shots.map(({ bytes }) => rgba(bytes)))).reverse();
    const errors = drafts.map((draft) => draft.reduce((sum, value, at) => sum + Math.abs(value - (finished?.[at] ?? 0)), 0) / draft.length);
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    expect(errors[0]).toBeGreaterThan(0);
    expect(errors.at(-1)).toBeLessThan(30);
  });

  it('gives its figures in the shape of OpenAI', async () => {
    expect(await final({ prompt: 'a ball', n: 2, parameters: { size: '1024x1024' } })).toMatchObject({
      modelVersion: 'demo-1',
      usage: { input_tokens: 2, output_tokens: 2_112, total_tokens: 2_114, input_tokens_details: { text_tokens: 2, image_tokens: 0 } },
    });
  });

  it('stops when the caller goes away', async () => {
    const stop = new AbortController();
    const events = eventsOf(model, renderRequest({ n: 10 }), stop.signal);
    setTimeout(() => stop.abort(), 100);
    const start = performance.now();
    expect(await events).toMatchObject([{ kind: 'failed', failure: { cause: 'server_error', retryable: false } }]);
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it('says that the request was at fault when an input is no picture', async () => {
    const request = renderRequest({ operation: 'edit', inputs: [input(Buffer.from('no picture'))] });
    expect(await eventsOf(model, request)).toMatchObject([{ kind: 'failed', failure: { cause: 'rejected_request' } }]);
  });

  it('refuses to open an input of more pixels than the limit', async () => {
    const create = { width: 8_000, height: 7_000, channels: 3 as const, background: '#888' };
    const bomb = await sharp({ create, limitInputPixels: false }).png().toBuffer();
    const request = renderRequest({ operation: 'variation', prompt: '', inputs: [input(bomb)] });
    expect(await eventsOf(model, request)).toMatchObject([{ kind: 'failed', failure: { cause: 'rejected_request' } }]);
  });
});

async function rgba2(gif: Uint8Array, page: number): Promise<Buffer> {
  return sharp(gif, { page }).raw().toBuffer();
}
