import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatPicture, markKey, payload, texturedPicture } from '../pictures.fixture.ts';
import type { Raster } from '../raster.ts';
import { canonicalLuma } from '../signal/canonical-scale.ts';
import { detect, embed } from '../watermark.ts';
import { addResidual } from './add-residual.ts';
import { GREATEST_RADIUS, LEAST_RADIUS, layoutOf, TILE } from './layout.ts';
import { encodePayload } from './message.ts';
import { amplitudeOf, textureOf } from './perceptual-mask.ts';
import { canonicalRows, enlargedRows } from './residual-rows.ts';
import { synthesizeTile } from './tile.ts';

const KEY = { epoch: 1, secret: new Uint8Array(16).map((_, i) => 17 * i) };
const tileOf = (key: typeof KEY, text: string) => {
  const layout = layoutOf(key);
  return synthesizeTile(layout, encodePayload(text, layout));
};
const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length;
/** Coarse enough that the last digits of a cosine on another machine do not matter, fine enough for everything else. */
const digestOf = (tile: Float32Array) =>
  createHash('sha256')
    .update(Int8Array.from(tile, (value) => Math.round(value * 20)))
    .digest('hex');

describe('the tile', () => {
  it('is still the one that is in pictures out there: a change here makes every old mark unreadable', () => {
    expect(digestOf(tileOf(KEY, '0123456789abcdef'))).toBe('680456725412bafc07a2700f114a05b0f5f5d778f06823d7982cd828b4508261');
    expect(digestOf(tileOf({ epoch: 9, secret: new Uint8Array(16).fill(255) }, 'fedcba9876543210'))).toBe(
      'fd5b29476dc2033cbab0313bac3e36ede7971391db4439eb9e8a7617e47e42db',
    );
  });

  it('has mean 0 and mean square 1 under any key and payload', () => {
    fc.assert(
      fc.property(markKey, payload, (key, text) => {
        const tile = tileOf(key, text);
        expect(tile.reduce((sum, value) => sum + value, 0) / tile.length).toBeCloseTo(0, 5);
        expect(product(tile, tile)).toBeCloseTo(1, 4);
      }),
      { numRuns: 12 },
    );
  });

  it('shows nothing of one key under another, nor of a payload under one that differs in one bit', () => {
    fc.assert(
      fc.property(markKey, markKey, payload, (one, other, text) => {
        fc.pre(Buffer.compare(one.secret, other.secret) !== 0);
        // Some 2,300 independent numbers: 0.15 is seven standard deviations.
        expect(Math.abs(product(tileOf(one, text), tileOf(other, text)))).toBeLessThan(0.15);
        const flipped = (Number.parseInt(text.slice(0, 1), 16) ^ 1).toString(16) + text.slice(1);
        expect(product(tileOf(one, text), tileOf(one, flipped))).toBeLessThan(0.6);
      }),
      { numRuns: 8 },
    );
  });

  it('has all its waves in the band, none twice, and its sync waves in orbits of the square', () => {
    fc.assert(
      fc.property(markKey, (key) => {
        const { sync, payload: carriers, bitOf } = layoutOf(key);
        const all = [...sync, ...carriers];
        expect(new Set(all.map(({ u, v }) => `${u},${v}`)).size).toBe(all.length);
        for (const { u, v, radius } of all) {
          expect(v > 0 || (v === 0 && u > 0)).toBe(true);
          expect(radius >= LEAST_RADIUS && radius <= GREATEST_RADIUS && radius === Math.hypot(u, v)).toBe(true);
        }
        const places = new Set(sync.map(({ u, v }) => `${u},${v}`));
        for (const { u, v } of sync) expect(places.has(`${-u},${v}`) && places.has(`${v},${Math.abs(u)}`)).toBe(true);
        expect(sync).toHaveLength(80);
        const counts = new Uint8Array(1024);
        for (const bit of bitOf) counts[bit]!++;
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the strength of the mark', () => {
  it('is at its floor in a flat picture and beside a lone edge, and above it in texture', () => {
    const flat = textureOf(canonicalLuma(flatPicture(64, 64, 130)));
    expect(Math.max(...flat.values)).toBe(0);
    const edge = flatPicture(64, 64, 60);
    for (let y = 0; y < 64; y++) edge.data.fill(200, y * 192 + 96, (y + 1) * 192);
    expect(Math.max(...textureOf(canonicalLuma(edge)).values)).toBeLessThan(0.4);
    const textured = textureOf(canonicalLuma(texturedPicture(128, 128)));
    expect(textured.values.at(-700)).toBeGreaterThan(0.9);
  });
});

describe('rows of the mark', () => {
  it('repeat with the period of the tile in a flat picture', () => {
    const tile = tileOf(KEY, '0000000000000000');
    const rows = canonicalRows(tile, amplitudeOf(textureOf(canonicalLuma(flatPicture(300, 300, 99))), { slope: 1, bend: 10 }));
    const [first, second] = [new Float32Array(300), new Float32Array(300)];
    rows(3, first);
    rows(3 + TILE, second);
    expect(second).toEqual(first);
    expect(first.slice(TILE, 2 * TILE)).toEqual(first.slice(0, TILE));
  });

  it('are the same waves at another size when they are enlarged', () => {
    const wave = (y: number, out: Float32Array) => {
      for (let x = 0; x < out.length; x++) out[x] = Math.sin(0.3 * x + 0.2 * y);
    };
    const rows = enlargedRows(wave, { width: 100, height: 80 }, { width: 250, height: 200 });
    const out = new Float32Array(250);
    for (const y of [20, 21, 100, 150]) {
      rows(y, out);
      for (let x = 10; x < 240; x++) expect(out[x]).toBeCloseTo(Math.sin(0.3 * ((x + 0.5) / 2.5 - 0.5) + 0.2 * ((y + 0.5) / 2.5 - 0.5)), 1);
    }
  });
});

describe('a mark in a picture', () => {
  const constant = (picture: Raster, amplitude: number) =>
    canonicalRows(tileOf(KEY, '0123456789abcdef'), {
      width: (picture.width + 1) >> 1,
      height: (picture.height + 1) >> 1,
      values: new Float32Array(((picture.width + 1) >> 1) * ((picture.height + 1) >> 1)).fill(amplitude),
    });

  it('changes a flat picture by no more than 0.6 grey levels RMS, whatever the key and the payload', () => {
    fc.assert(
      fc.property(markKey, payload, (key, text) => {
        const embedding = embed(flatPicture(256, 256, 130), text, key);
        expect(embedding.kind === 'marked' && 255 / 10 ** (embedding.psnrDb / 20)).toBeLessThanOrEqual(0.6);
      }),
      { numRuns: 12 },
    );
  });

  it.each([0.45, 0.52, 1.5])('is read at any strength that pictures out there were marked with: %d grey levels', (amplitude) => {
    const picture = texturedPicture(320, 288);
    const { raster } = addResidual(picture, constant(picture, 4 * amplitude));
    expect(detect(raster, [KEY], { effort: 'standard' })).toMatchObject({ kind: 'found', payload: '0123456789abcdef' });
    const flat = flatPicture(320, 288, 90);
    const inFlat = addResidual(flat, constant(flat, amplitude)).raster;
    expect(detect(inFlat, [KEY], { effort: 'standard' })).toMatchObject({ kind: 'found', payload: '0123456789abcdef' });
  });

  it.each([1, 2, 3, 4] as const)(
    'is rounded and clipped the same way in pictures of %d channels, and its PSNR is what changed',
    (channels) => {
      const data = new Uint8Array(65 * 67 * channels).map((_, i) => [0, 1, 128, 254, 255][(i >> 2) % 5]!);
      const colors = channels < 3 ? 1 : 3;
      if (colors < channels) for (let i = 0; i < 65 * 67; i++) data[(i + 1) * channels - 1] = i % 3 === 0 ? 254 : 255;
      const picture = { data, width: 65, height: 67, channels };
      const wave = (y: number, out: Float32Array) => {
        for (let x = 0; x < out.length; x++) out[x] = 3 * Math.sin(x + y);
      };
      const marked = addResidual(picture, wave);
      const row = new Float32Array(65);
      let squares = 0;
      for (let i = 0; i < 65 * 67; i++) {
        wave(Math.floor(i / 65), row);
        for (let channel = 0; channel < channels; channel++) {
          const at = i * channels + channel;
          const isKept = channel >= colors || (colors < channels && data[(i + 1) * channels - 1] !== 255);
          const expected = isKept ? data[at]! : Math.min(255, Math.max(0, data[at]! + Math.round(row[i % 65]!)));
          if (marked.raster.data[at] !== expected)
            throw new Error(`channel ${channel} of pixel ${i}: ${marked.raster.data[at]}, not ${expected}`);
          squares += (expected - data[at]!) ** 2;
        }
      }
      expect(marked.psnrDb).toBeCloseTo(10 * Math.log10((255 * 255 * 65 * 67 * colors) / squares), 9);
    },
  );
});
