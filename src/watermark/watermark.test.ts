import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { flatPicture, texturedPicture } from './pictures.fixture.ts';
import type { Raster } from './raster.ts';
import { falsePositiveBound } from './read/false-positives.ts';
import { detect, embed, WATERMARK_ALGORITHM } from './watermark.ts';

const KEY = { epoch: 7, secret: new Uint8Array(16).map((_, i) => 31 * i + 5) };
const OTHER = { epoch: 8, secret: new Uint8Array(16).map((_, i) => 13 * i + 1) };
const PAYLOAD = '10420700000a7f3c';
const original = texturedPicture(576, 512);

function marked(raster: Raster = original): Raster {
  const embedding = embed(raster, PAYLOAD, KEY);
  if (embedding.kind !== 'marked') throw new Error(`not markable: ${embedding.reason}`);
  return embedding.raster;
}

const open = ({ data, width, height, channels }: Raster) => sharp(data, { raw: { width, height, channels } });
async function changed(change: (picture: Sharp) => Sharp, raster = marked()): Promise<Raster> {
  const { data, info } = await sharp(await change(open(raster)).toBuffer())
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height, channels: info.channels === 1 ? 1 : 3 };
}

describe('a marked picture', () => {
  it.each<[string, (picture: Sharp) => Sharp, object]>([
    ['nothing', (picture) => picture.png(), { scaleX: 1, rotationDegrees: 0, mirrored: false }],
    ['JPEG 50', (picture) => picture.jpeg({ quality: 50 }), { scaleX: 1 }],
    ['a quarter turn', (picture) => picture.rotate(90).png(), { rotationDegrees: 90, mirrored: false }],
    ['a mirror', (picture) => picture.flop().png(), { rotationDegrees: 0, mirrored: true }],
    ['inversion', (picture) => picture.negate().png(), { inverted: true }],
    ['grey', (picture) => picture.greyscale().png(), { scaleX: 1 }],
    ['a crop to a quarter', (picture) => picture.extract({ left: 201, top: 133, width: 288, height: 256 }).png(), { scaleX: 1 }],
    ['half the size', (picture) => picture.resize(288, 256).png(), { scaleX: expect.closeTo(0.5, 2) }],
    ['one and a half times the size', (picture) => picture.resize(864, 768).png(), { scaleX: expect.closeTo(1.5, 2) }],
    [
      'another aspect',
      (picture) => picture.resize(576, 461, { fit: 'fill' }).png(),
      { scaleX: expect.closeTo(1, 1), scaleY: expect.closeTo(0.9, 1) },
    ],
    ['a turn by 7 degrees', (picture) => picture.rotate(7).png(), { rotationDegrees: expect.closeTo(7, 0) }],
  ])('is read after %s, and says what was done to it', async (_what, change, transform) => {
    const found = detect(await changed(change), [KEY], { effort: 'standard' });
    expect(found).toMatchObject({ kind: 'found', payload: PAYLOAD, keyEpoch: 7, transform });
  });

  it('is read inside of a page', async () => {
    const { data, width, height } = marked(texturedPicture(640, 512));
    const picture = { input: Buffer.from(data), raw: { width, height, channels: 3 }, left: 30, top: 30 } as const;
    const lines = Array.from(
      { length: 60 },
      (_, i) => `<rect x="${690 + ((i * 53) % 60)}" y="${14 * i}" width="${300 + ((i * 37) % 80)}" height="7"/>`,
    );
    const text = { input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1150" height="860">${lines.join('')}</svg>`) };
    const page = sharp({ create: { width: 1150, height: 860, channels: 3, background: '#eee' } }).composite([text, picture]);
    const { data: pixels, info } = await page.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(detect({ data: new Uint8Array(pixels), width: info.width, height: info.height, channels: 3 }, [KEY])).toMatchObject({
      payload: PAYLOAD,
    });
  });

  it('differs from the original by less than can be seen, and not at all in its own bytes', () => {
    const before = original.data.slice();
    const embedding = embed(original, PAYLOAD, KEY);
    expect(embedding).toMatchObject({ kind: 'marked' });
    if (embedding.kind === 'marked') expect(embedding.psnrDb).toBeGreaterThan(42);
    expect(Buffer.compare(original.data, before)).toBe(0);
    expect(embed(original, PAYLOAD, KEY, { minPsnrDb: 46 })).toMatchObject({ psnrDb: expect.toSatisfy((psnr: number) => psnr >= 45.9) });
  });

  it('names the key that found it, whatever the order of the keys', () => {
    expect(detect(marked(), [OTHER, KEY])).toMatchObject({ kind: 'found', keyEpoch: 7 });
  });

  it('is not read, and not misread, with another key', () => {
    expect(detect(marked(), [OTHER], { effort: 'standard' })).toMatchObject({ kind: 'absent' });
  });

  it('of three megapixels survives being shrunk to a third of its sides', async () => {
    const large = texturedPicture(2000, 1600, 5);
    const small = await changed((picture) => picture.resize(667, 533).jpeg({ quality: 80 }), marked(large));
    expect(detect(small, [KEY], { effort: 'standard' })).toMatchObject({ kind: 'found', payload: PAYLOAD });
  });
});

describe('a picture that is hard to mark', () => {
  it.each([0, 128, 255])('is marked all the same when it is flat at level %d', (level) => {
    const found = detect(marked(flatPicture(512, 512, level)), [KEY], { effort: 'standard' });
    expect(found).toMatchObject({ kind: 'found', payload: PAYLOAD });
  });

  it.each<[string, Raster, string]>([
    ['one pixel', flatPicture(1, 1, 9), 'too_small'],
    ['a strip', flatPicture(900, 12, 9), 'too_small'],
    ['nothing but see-through pixels', { data: new Uint8Array(200 * 200 * 4), width: 200, height: 200, channels: 4 }, 'transparent'],
  ])('is refused with a reason: %s', (_what, raster, reason) => {
    expect(embed(raster, PAYLOAD, KEY)).toEqual({ kind: 'not_markable', reason });
  });

  it('keeps its alpha channel and every pixel that is not opaque', () => {
    const { data, width, height } = original;
    const rgba = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) rgba.set([...data.subarray(3 * i, 3 * i + 3), i % width < 100 ? 120 : 255], 4 * i);
    const result = marked({ data: rgba, width, height, channels: 4 });
    for (let i = 0; i < width * height; i++) {
      const isSame = [0, 1, 2].every((color) => result.data[4 * i + color] === rgba[4 * i + color]);
      if (result.data[4 * i + 3] !== rgba[4 * i + 3] || (i % width < 100 && !isSame)) throw new Error(`pixel ${i} was changed`);
    }
    expect(detect(result, [KEY], { effort: 'standard' })).toMatchObject({ payload: PAYLOAD });
  });
});

describe('a picture without a mark', () => {
  it.each<[string, Raster]>([
    ['texture', texturedPicture(288, 256, 9)],
    ['black', flatPicture(300, 300, 0)],
    [
      'noise',
      {
        data: new Uint8Array(256 * 256 * 3).map((_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 255),
        width: 256,
        height: 256,
        channels: 3,
      },
    ],
  ])('gives no payload: %s', (_what, raster) => {
    const { kind, ...facts } = detect(raster, [KEY, OTHER]);
    expect(kind).toBe('absent');
    expect('syncZ' in facts && facts.syncZ < 5.9).toBe(true);
  });

  it('gives one by chance at most once in ten billion pictures, all attempts counted', () => {
    // As is, and twice as many tries as usual, as in small pictures: upright scales and both searches, then nine parts without stretches.
    expect(falsePositiveBound(1 + 2 * (3 + 6 + 4), 9 * 2 * (3 + 6))).toBeLessThan(1e-10);
  });

  it('of no size to speak of is not called clean', () => {
    expect(detect(flatPicture(20, 500, 7), [KEY])).toEqual({ kind: 'unreadable', reason: 'too_small' });
  });
});

describe('the interface', () => {
  it('names its algorithm for C2PA', () => {
    expect(WATERMARK_ALGORITHM).toMatch(/^[a-z]+(\.[a-z]+)+\.\d+$/);
  });

  it('refuses what is no payload, no key and no raster', () => {
    expect(() => embed(original, '0123', KEY)).toThrow(RangeError);
    expect(() => embed(original, PAYLOAD, { epoch: 1, secret: new Uint8Array(15) })).toThrow(RangeError);
    expect(() => detect({ ...original, width: 575 }, [KEY])).toThrow(RangeError);
  });
});
