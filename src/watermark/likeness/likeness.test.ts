import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { copyMark } from '../copied-mark.fixture.ts';
import { decodeRaster } from '../decode-raster.ts';
import { flatPicture, texturedPicture } from '../pictures.fixture.ts';
import type { Raster } from '../raster.ts';
import { detect, embed } from '../watermark.ts';
import { likenessOf } from './likeness.ts';
import { decodeSketch, encodeSketch, type Sketch } from './sketch.ts';
import { sketchPicture } from './sketch-picture.ts';

const key = { epoch: 1, secret: new Uint8Array(16).fill(9) };
const PAYLOAD = '1000010123456789';

async function publish(raster: Raster): Promise<{ png: Uint8Array; record: Sketch }> {
  const made = embed(raster, PAYLOAD, key);
  if (made.kind !== 'marked') throw new Error(made.reason);
  const { data, width, height, channels } = made.raster;
  const record = decodeSketch(encodeSketch(sketchPicture(made.raster)));
  if (record === null) throw new Error('no sketch');
  return { png: new Uint8Array(await sharp(data, { raw: { width, height, channels } }).png().toBuffer()), record };
}

async function compare(record: Sketch, file: Uint8Array) {
  const seen = await decodeRaster(file, 50_000_000);
  const found = detect(seen, [key], { effort: 'standard' });
  if (found.kind !== 'found') throw new Error('the mark is not there');
  expect(found.payload).toBe(PAYLOAD);
  return likenessOf(record, sketchPicture(seen, found.transform), found.transform).verdict;
}

describe('a picture in which our mark was found', () => {
  const original = publish(texturedPicture(768, 640, 3));

  it.each<[string, (picture: Sharp) => Sharp]>([
    ['as it left', (picture) => picture],
    ['recompressed', (picture) => picture.jpeg({ quality: 40 })],
    ['made smaller', (picture) => picture.resize(500).jpeg({ quality: 80 })],
    ['a quarter of it', (picture) => picture.extract({ left: 301, top: 203, width: 384, height: 320 })],
    ['turned by seven degrees, with black corners', (picture) => picture.rotate(7)],
    ['on its side and mirrored', (picture) => picture.rotate(90).flop()],
    ['in negative', (picture) => picture.negate()],
    ['darker and of less contrast', (picture) => picture.linear(0.6, 10)],
  ])('is that picture: %s', async (_, change) => {
    const { png, record } = await original;
    expect(await compare(record, await change(sharp(png)).toBuffer())).toBe('same');
  });

  it('is not that picture when the mark was copied out of one and into another, nine times of nine', async () => {
    const { png, record } = await original;
    const verdicts: string[] = [];
    for (let seed = 20; seed < 29; seed++) {
      const { data, width, height, channels } = texturedPicture(640 + 16 * (seed % 3), 640, seed);
      const target = await sharp(data, { raw: { width, height, channels } }).png().toBuffer();
      verdicts.push(await compare(record, await copyMark(png, target)));
    }
    expect(verdicts).toEqual(Array.from({ length: 9 }, () => 'different'));
  });

  it('is not that picture when the mark was taken from a white page, where it is purest', async () => {
    const { png, record } = await publish(flatPicture(640, 640, 200));
    expect(await compare(record, await copyMark(png, 'noise'))).toBe('different');
  });

  it('may be that picture, and nobody can tell, when both are plain', async () => {
    const { png, record } = await publish(flatPicture(640, 640, 200));
    expect(await compare(record, png)).toBe('unsure');
  });
});

describe('a sketch', () => {
  it('comes back from its bytes, two bits a cell', () => {
    const sketch = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .chain(([width, height]) =>
        fc
          .array(fc.constantFrom(-1, 0, 1), { minLength: width * height, maxLength: width * height })
          .map((cells) => ({ width, height, cells: Int8Array.from(cells) })),
      );
    fc.assert(
      fc.property(sketch, (one) => {
        expect(decodeSketch(encodeSketch(one))).toEqual(one);
      }),
    );
  });

  it('is not made of any other bytes', () => {
    expect(decodeSketch(new Uint8Array())).toBeNull();
    expect(decodeSketch(new Uint8Array([0, 9, 0, 9, 1]))).toBeNull();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeSketch(bytes)));
  });
});
