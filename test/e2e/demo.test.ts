import { toFile } from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changesBetween } from './answers.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.close());

const bytesOf = (b64: string | undefined) => Buffer.from(b64 ?? '', 'base64');
const report = z.object({ verdict: z.string() });
const images = z.object({ data: z.array(z.object({ b64_json: z.string() })), output_format: z.string() });

async function verdictOf(bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'picture');
  return report.parse(await (await gateway.fetch('/v1/verify', { method: 'POST', body: form })).json()).verdict;
}

async function generated(body: object) {
  const answer = await gateway.post('/v1/images/generations', { prompt: 'the sea at sunset', size: '512x512', ...body });
  expect(answer.status).toBe(200);
  const { data, output_format: format } = images.parse(await answer.json());
  return { bytes: bytesOf(data[0]?.b64_json), format, headers: answer.headers };
}

const file = async (prompt: string) => toFile((await generated({ prompt, size: '256x256' })).bytes, 'in.png', { type: 'image/png' });

describe('a newcomer with the demo model', () => {
  it('gets a signed picture from the first line they paste, with figures', async () => {
    const answer = await gateway.sdk().images.generate({ prompt: 'a red ball on a blue table', model: 'gpt-image-1' });
    const bytes = bytesOf(answer.data?.[0]?.b64_json);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1024, height: 1024 });
    expect(await verdictOf(bytes)).toBe('ours-intact');
    expect(answer).toMatchObject({ size: '1024x1024', quality: 'medium', background: 'opaque', usage: { output_tokens: 1_056 } });
  });

  it.each(['jpeg', 'webp'] as const)('gets a %s', async (format) => {
    const answer = await gateway
      .sdk()
      .images.generate({ prompt: 'a tree', size: '1536x1024', output_format: format, output_compression: 70 });
    const bytes = bytesOf(answer.data?.[0]?.b64_json);
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 1536, height: 1024 });
    expect(await verdictOf(bytes)).toBe('ours-intact');
  });

  it('gets a transparent ground that is still there after signing', async () => {
    const { bytes } = await generated({ prompt: 'a red ball', background: 'transparent' });
    const { channels } = await sharp(bytes).stats();
    expect([channels[3]?.min, channels[3]?.max]).toEqual([0, 255]);
  });

  it('gets a GIF with all of its frames', async () => {
    const { bytes, format } = await generated({ output_format: 'gif', frame_count: 4, size: '256x256' });
    expect(format).toBe('gif');
    expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({ format: 'gif', pages: 4, pageHeight: 256 });
    expect(await verdictOf(bytes)).toBe('ours-intact');
  });

  it.each(['the sea at sunset', 'a city at night', 'a field of poppies', 'an abstract pattern', 'a bowl of fruit', 'mountains'])(
    'asks for SVG of %s and gets its raster, said in a header',
    async (prompt) => {
      const { bytes, format, headers } = await generated({ prompt, output_format: 'svg' });
      expect(format).toBe('png');
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 512, height: 512 });
      expect([...headers.values()].join('\n')).toContain('output_format');
      expect(await verdictOf(bytes)).toBe('ours-intact');
    },
  );

  it('edits with a mask, without one, and several pictures at once', async () => {
    const sdk = gateway.sdk();
    const pixels = Buffer.alloc(256 * 256 * 4, 255);
    for (let at = 3; at < 256 * 4 * 128; at += 4) pixels[at] = 0;
    const hole = await sharp(pixels, { raw: { width: 256, height: 256, channels: 4 } })
      .png()
      .toBuffer();
    const mask = await toFile(hole, 'mask.png', { type: 'image/png' });
    const sea = await file('the sea');
    const answers = [
      await sdk.images.edit({ image: sea, mask, prompt: 'a city at night' }),
      await sdk.images.edit({ image: sea, prompt: 'make it green' }),
      await sdk.images.edit({ image: [sea, await file('mountains')], prompt: 'side by side', size: '1024x1024' }),
    ];
    for (const [index, { data }] of answers.entries()) {
      const bytes = bytesOf(data?.[0]?.b64_json);
      expect(await sharp(bytes).metadata()).toMatchObject({ width: index === 2 ? 1024 : 256 });
      expect(await verdictOf(bytes)).toBe('ours-intact');
    }
    const lower = async (bytes: Uint8Array) => sharp(bytes).extract({ left: 0, top: 128, width: 256, height: 128 }).png().toBuffer();
    const before = await lower(Buffer.from(await sea.arrayBuffer()));
    const changes = await changesBetween(before, await lower(bytesOf(answers[0]?.data?.[0]?.b64_json)));
    expect(changes.most).toBeLessThan(24);
    expect(changes.rms).toBeLessThan(3);
  });

  it('gets variations that differ', async () => {
    const { data } = await gateway
      .sdk()
      .images.createVariation({ image: await file('a bowl of fruit'), n: 2, response_format: 'b64_json' });
    const [a, b] = (data ?? []).map(({ b64_json: b64 }) => bytesOf(b64));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(false);
    expect(await verdictOf(a ?? Buffer.alloc(0))).toBe('ours-intact');
  });

  it('watches a picture come into being', async () => {
    const stream = await gateway.sdk().images.generate({ prompt: 'mountains at dawn', size: '1024x1024', stream: true, partial_images: 3 });
    const seen: string[] = [];
    for await (const event of stream) {
      seen.push(event.type);
      expect(await verdictOf(bytesOf(event.b64_json))).toBe('ours-intact');
    }
    expect(seen).toEqual([...Array(3).fill('image_generation.partial_image'), 'image_generation.completed']);
  });
});
