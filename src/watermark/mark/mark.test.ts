import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatPicture, markKey, payload, texturedPicture } from '../pictures.fixture.ts';
import { canonicalLuma } from '../signal/canonical-scale.ts';
import { GREATEST_RADIUS, LEAST_RADIUS, layoutOf, TILE } from './layout.ts';
import { encodePayload } from './message.ts';
import { textureAmplitude } from './perceptual-mask.ts';
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
    const flat = textureAmplitude(canonicalLuma(flatPicture(64, 64, 130)));
    expect(Math.max(...flat.values)).toBe(0);
    const edge = flatPicture(64, 64, 60);
    for (let y = 0; y < 64; y++) edge.data.fill(200, y * 192 + 96, (y + 1) * 192);
    expect(Math.max(...textureAmplitude(canonicalLuma(edge)).values)).toBeLessThan(0.4);
    const textured = textureAmplitude(canonicalLuma(texturedPicture(128, 128)));
    expect(textured.values.at(-700)).toBeGreaterThan(1);
  });
});

describe('rows of the mark', () => {
  it('repeat with the period of the tile in a flat picture', () => {
    const tile = tileOf(KEY, '0000000000000000');
    const rows = canonicalRows(tile, textureAmplitude(canonicalLuma(flatPicture(300, 300, 99))));
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
