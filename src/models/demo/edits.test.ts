import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { blobs, picture } from '../../detectors/pictures.fixture.ts';
import type { Commission } from './commission.ts';
import { run } from './paint-job.ts';

const [WIDTH, HEIGHT] = [160, 120];
const HOLE = { left: 40, top: 30, right: 110, bottom: 90 };
const BASE: Commission = {
  operation: 'edit',
  prompt: 'a red ball',
  index: 0,
  images: [],
  mask: null,
  draft: 1,
  size: null,
  quality: 'medium',
  transparent: false,
  format: 'png',
  compression: 90,
  seed: 0,
  frames: 4,
  frameDurationMs: 100,
};

const photo = (seed = 1, width = WIDTH, height = HEIGHT) =>
  picture(blobs(width, height, seed), width, height)
    .png()
    .toBuffer();

/** Opaque but for the hole, as OpenAI's masks are. */
async function mask(alphaInHole = 0): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 4, 255);
  for (let y = HOLE.top; y < HOLE.bottom; y++) {
    for (let x = HOLE.left; x < HOLE.right; x++) pixels[(y * WIDTH + x) * 4 + 3] = alphaInHole;
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .png()
    .toBuffer();
}

async function made(more: Partial<Commission>) {
  const result = await run({ ...BASE, ...more });
  if (result.kind !== 'painted') throw new Error('unreadable');
  return { ...result, pixels: await sharp(result.bytes).ensureAlpha().raw().toBuffer() };
}
const pixelsOf = (bytes: Buffer) => sharp(bytes).ensureAlpha().raw().toBuffer();

/** Mean difference of a channel, 0–255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe('an edit with a mask', () => {
  const inHole = (pixel: number) => {
    const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
    return x >= HOLE.left && x < HOLE.right && y >= HOLE.top && y < HOLE.bottom;
  };

  it('keeps every pixel outside of the hole exactly, and paints the hole', async () => {
    const before = await photo();
    const [was, { pixels: is }] = [await pixelsOf(before), await made({ images: [before], mask: await mask() })];
    let [kept, changed, inside] = [0, 0, 0];
    for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
      const same = was.compare(is, pixel * 4, pixel * 4 + 4, pixel * 4, pixel * 4 + 4) === 0;
      if (!inHole(pixel)) kept += same ? 1 : 0;
      else {
        inside++;
        changed += same ? 0 : 1;
      }
    }
    expect(kept).toBe(WIDTH * HEIGHT - inside);
    expect(changed / inside).toBeGreaterThan(0.95);
  });

  it('keeps colors that hide below full transparency', async () => {
    const hidden = Buffer.alloc(WIDTH * HEIGHT * 4, 90);
    for (let at = 3; at < hidden.length; at += 4) hidden[at] = 0;
    const before = await sharp(hidden, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .png()
      .toBuffer();
    const { pixels } = await made({ images: [before], mask: await mask() });
    expect(pixels.subarray(0, 4)).toEqual(hidden.subarray(0, 4));
  });

  it('changes nothing when the mask keeps all', async () => {
    const before = await photo();
    const { pixels } = await made({ images: [before], mask: await mask(255) });
    expect(pixels.equals(await pixelsOf(before))).toBe(true);
  });

  it('paints a hole of one pixel in width without painting for ages', async () => {
    const pixels = Buffer.alloc(2_000 * 8 * 4, 255);
    for (let x = 0; x < 2_000; x++) pixels[(4 * 2_000 + x) * 4 + 3] = 0;
    const line = await sharp(pixels, { raw: { width: 2_000, height: 8, channels: 4 } })
      .png()
      .toBuffer();
    const start = process.cpuUsage();
    expect(await made({ images: [await photo(1, 2_000, 8)], mask: line })).toMatchObject({ width: 2_000, height: 8 });
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });

  it('fills the hole with the second picture when there is one', async () => {
    const [first, second] = [await photo(1), await photo(5)];
    const one = await made({ images: [first], mask: await mask() });
    const two = await made({ images: [first, second], mask: await mask() });
    expect(one.pixels.equals(two.pixels)).toBe(false);
    expect(difference(two.pixels.subarray(0, WIDTH * 4 * 20), (await pixelsOf(first)).subarray(0, WIDTH * 4 * 20))).toBe(0);
  });
});

describe('an edit without a mask', () => {
  it('keeps size and forms, and takes the colors of the prompt', async () => {
    const before = await photo();
    const was = await pixelsOf(before);
    const green = await made({ images: [before], prompt: 'make it green like a forest' });
    const rose = await made({ images: [before], prompt: 'make it pink' });
    expect([green.width, green.height]).toEqual([WIDTH, HEIGHT]);
    expect(difference(green.pixels, was)).toBeGreaterThan(4);
    expect(difference(green.pixels, rose.pixels)).toBeGreaterThan(4);
    expect(correlation(green.pixels, was)).toBeGreaterThan(0.6);
  });

  it('adds the thing that the prompt names', async () => {
    const images = [await photo()];
    const [plain, added] = [await made({ images, prompt: 'softer' }), await made({ images, prompt: 'add a red ball' })];
    const reds = (pixels: Uint8Array) => pixels.filter((value, at) => at % 4 === 0 && value > 180 && (pixels[at + 1] ?? 0) < 80).length;
    expect(reds(added.pixels)).toBeGreaterThan(reds(plain.pixels) + 200);
  });

  it('gives n different pictures', async () => {
    const images = [await photo()];
    const [a, b] = [await made({ images, prompt: 'softer' }), await made({ images, prompt: 'softer', index: 1 })];
    expect(a.pixels.equals(b.pixels)).toBe(false);
  });

  it('composes several pictures, each of which can be found in the result', async () => {
    const images = [await photo(1), await photo(4), await photo(7)];
    const whole = await made({ images, prompt: 'together', size: { width: 600, height: 200 } });
    const others = await made({ images: [images[0]!, images[1]!, await photo(9)], prompt: 'together', size: { width: 600, height: 200 } });
    const changed = Array.from({ length: 600 }, (_, x) => x).filter(
      (x) => (whole.pixels[(100 * 600 + x) * 4] ?? 0) !== others.pixels[(100 * 600 + x) * 4],
    );
    expect(changed.length).toBeGreaterThan(100);
    expect(Math.max(...changed) - Math.min(...changed)).toBeLessThan(200);
  });

  it('cuts to the size asked for', async () => {
    expect(await made({ images: [await photo()], size: { width: 300, height: 100 } })).toMatchObject({ width: 300, height: 100 });
  });

  it('takes a picture as its viewer shows it, turned by its orientation', async () => {
    const turned = await sharp(await photo())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await made({ images: [turned] })).toMatchObject({ width: HEIGHT, height: WIDTH });
  });
});

describe('a variation', () => {
  it('is another picture of the same thing, and n of them differ', async () => {
    const images = [await lamp()];
    const was = await pixelsOf(images[0]!);
    const all = await Promise.all([0, 1, 2].map((index) => made({ operation: 'variation', prompt: '', images, index })));
    for (const { pixels, width } of all) {
      expect(width).toBe(WIDTH);
      expect(difference(pixels, was)).toBeGreaterThan(1);
      expect(Math.max(correlation(pixels, was), correlation(pixels, await mirrored(was)))).toBeGreaterThan(0.6);
    }
    expect(new Set(all.map(({ pixels }) => pixels.toString('base64'))).size).toBe(3);
  });
});

/** A warm light left of the middle, and dark around it: tones that do not depend on the hue. */
async function lamp(): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
    const light = Math.exp(-(((pixel % WIDTH) - 60) ** 2 + (Math.floor(pixel / WIDTH) - 60) ** 2) / 900);
    for (const [channel, tint] of [200, 170, 120].entries()) pixels[pixel * 3 + channel] = 30 + light * tint;
  }
  return picture(pixels, WIDTH, HEIGHT).png().toBuffer();
}

async function mirrored(pixels: Buffer): Promise<Buffer> {
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .flop()
    .raw()
    .toBuffer();
}

/** Pearson's, of the lightness. */
function correlation(a: Uint8Array, b: Uint8Array): number {
  const light = (pixels: Uint8Array) =>
    Array.from({ length: pixels.length / 4 }, (_, at) => (pixels[at * 4] ?? 0) + (pixels[at * 4 + 1] ?? 0) * 2 + (pixels[at * 4 + 2] ?? 0));
  const centered = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [p, q] = [centered(light(a)), centered(light(b))];
  const dot = (m: number[], n: number[]) => m.reduce((sum, value, at) => sum + value * (n[at] ?? 0), 0);
  return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q));
}
