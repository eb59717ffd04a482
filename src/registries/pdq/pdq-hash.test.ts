import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lumaOf } from './luma.ts';
import { formatPdq, parsePdq, pdqDistance } from './pdq-bits.ts';
import { pdqHash as hashOfLuma } from './pdq-hash.ts';

const GOLDEN_FOLDER = new URL('../../../../shared/photos/detectors/', import.meta.url);
const goldenSchema = z.object({ vectors: z.array(z.object({ file: z.string(), pdq: z.string(), quality: z.number() })) });
const goldenIsHere = existsSync(new URL('pdq-golden.json', GOLDEN_FOLDER));
if (!goldenIsHere) console.log('skipped: the PDQ hashes of the reference implementation are not on this machine');

const pdqHash = (rgb: Uint8Array, width: number, height: number) => hashOfLuma(lumaOf(rgb, width, height));

/** Integer arithmetic only, so that the bytes are the same on every machine. */
function pattern(width: number, height: number, kind: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const [u, v] = [Math.floor((x * 256) / width), Math.floor((y * 256) / height)];
      rgb[at] = ((u * u) >> 8) ^ (kind * v);
      rgb[at + 1] = (u * (kind + 1) + ((v * v) >> 7)) & 255;
      rgb[at + 2] = ((u >> 5) * (v >> 4) * 8 * kind) & 255;
    }
  }
  return rgb;
}

/** Slow waves only: a picture whose neighbors differ little, as in photos. */
function waves(side: number): Uint8Array {
  const rgb = new Uint8Array(side * side * 3);
  for (let at = 0; at < rgb.length; at++) {
    const [u, v] = [(Math.floor(at / 3) % side) / side, Math.floor(at / 3 / side) / side];
    rgb[at] = 127.5 + 40 * (Math.sin(u * 17 + 1) * Math.cos(v * 9) + Math.sin((u * 2 + v * 3) * 4) + Math.cos(u * v * 23 + 2));
  }
  return rgb;
}

function turned(rgb: Uint8Array, side: number, to: (x: number, y: number) => readonly [number, number]): Uint8Array {
  const result = new Uint8Array(rgb.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [tx, ty] = to(x, y);
      result.set(rgb.subarray((y * side + x) * 3, (y * side + x) * 3 + 3), (ty * side + tx) * 3);
    }
  }
  return result;
}

describe('PDQ', () => {
  it.skipIf(!goldenIsHere)(
    'agrees with the reference implementation on real pictures, by its own rule: at most 10 bits at quality 80',
    async () => {
      const { vectors } = goldenSchema.parse(JSON.parse(readFileSync(new URL('pdq-golden.json', GOLDEN_FOLDER), 'utf8')));
      let exact = 0;
      for (const { file, pdq, quality } of vectors) {
        const picture = sharp(readFileSync(new URL(file, GOLDEN_FOLDER)));
        const { width, height } = await picture.metadata();
        if (width > 512 || height > 512) picture.resize(512, 512, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false });
        const { data, info } = await picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
        const own = pdqHash(data, info.width, info.height);
        const distance = pdqDistance(own.orientations[0] ?? new Uint32Array(8), parsePdq(pdq) ?? new Uint32Array(8));
        if (quality >= 80) expect(distance, file).toBeLessThanOrEqual(10);
        if (distance === 0) exact += 1;
      }
      expect(exact / vectors.length).toBeGreaterThan(0.9);
    },
  );

  // Regression values: computed by this implementation, when it agreed with the reference on 50 of 53 files bit for bit.
  it.each([
    [512, 512, 1, '2f2578fdd122a65f2f80586d70f2f58fc5328a2daad8ba87bb8d5928131a3712', 100],
    [300, 200, 2, 'f2992f38d88a277dfad2b2b28dc4bab15148453cafe8081dbab592ead362d0ca', 100],
    [64, 64, 3, '28287db6a42a7ad1be5108ec572aaafd0f2a687d7da1d6528adf878aa5aa252a', 100],
  ])('still gives the same hash for the synthetic picture %i × %i (%i)', (width, height, kind, hash, quality) => {
    const own = pdqHash(pattern(width, height, kind), width, height);
    expect([formatPdq(own.orientations[0] ?? new Uint32Array(8)), own.quality]).toEqual([hash, quality]);
  });

  it('gives the hashes of all eight ways to turn a picture, from one transform', () => {
    const side = 512;
    const rgb = waves(side);
    const last = side - 1;
    const ways: ((x: number, y: number) => readonly [number, number])[] = [
      (x, y) => [x, y],
      (x, y) => [last - x, y],
      (x, y) => [x, last - y],
      (x, y) => [last - x, last - y],
      (x, y) => [y, x],
      (x, y) => [last - y, x],
      (x, y) => [y, last - x],
      (x, y) => [last - y, last - x],
    ];
    const { orientations } = pdqHash(rgb, side, side);
    for (const way of ways) {
      const own = pdqHash(turned(rgb, side, way), side, side).orientations[0] ?? new Uint32Array(8);
      // The grid that is sampled is not symmetric to the pixel, so a few bits near the median may differ.
      expect(Math.min(...orientations.map((orientation) => pdqDistance(orientation, own)))).toBeLessThanOrEqual(16);
    }
    expect(new Set(orientations.map(formatPdq)).size).toBe(8);
  });

  it('gives a flat picture no quality, and refuses a buffer of the wrong size', () => {
    expect(pdqHash(new Uint8Array(64 * 64 * 3).fill(128), 64, 64).quality).toBe(0);
    expect(() => pdqHash(new Uint8Array(10), 64, 64)).toThrow(RangeError);
  });

  it('takes pictures of one pixel and of one row', () => {
    for (const [width, height] of [
      [1, 1],
      [512, 1],
      [1, 300],
    ] as const)
      expect(pdqHash(pattern(width, height, 1), width, height).orientations).toHaveLength(8);
  });
});
