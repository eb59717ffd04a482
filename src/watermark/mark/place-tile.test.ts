import { describe, expect, it } from 'vitest';
import { flatPicture, texturedPicture } from '../pictures.fixture.ts';
import type { Raster } from '../raster.ts';
import { flatten } from '../read/flatten.ts';
import { canonicalLuma } from '../signal/canonical-scale.ts';
import { embed } from '../watermark.ts';
import { layoutOf, TILE } from './layout.ts';
import { encodePayload } from './message.ts';
import { textureOf } from './perceptual-mask.ts';
import { placeTile } from './place-tile.ts';
import { synthesizeTile } from './tile.ts';

const KEY = { epoch: 1, secret: new Uint8Array(16).map((_, i) => 17 * i) };
const PAYLOAD = '0123456789abcdef';
const layout = layoutOf(KEY);
const tile = synthesizeTile(layout, encodePayload(PAYLOAD, layout));

function placedIn(raster: Raster): Float32Array {
  const luma = canonicalLuma(raster);
  return placeTile(tile, luma, textureOf(luma).variance, layout);
}

/** What the reader would see of a tile in a picture that has none. */
function likeness(raster: Raster, placed: Float32Array, dx = 0, dy = 0): number {
  const { values, width } = flatten(canonicalLuma(raster));
  const at = (x: number, y: number) => placed[((y + dy) % TILE) * TILE + ((x + dx) % TILE)] ?? 0;
  return values.reduce((sum, value, i) => sum + value * at(i % width, Math.floor(i / width)), 0);
}

describe('the place of the tile', () => {
  it('is where the picture looks more like it than at any of forty others', () => {
    for (const seed of [1, 2]) {
      const picture = texturedPicture(384, 320, seed);
      const placed = placedIn(picture);
      const others = Array.from({ length: 40 }, (_, i) => likeness(picture, placed, 3 + ((i * 29) % 120), 5 + ((i * 47) % 118)));
      expect(likeness(picture, placed)).toBeGreaterThan(Math.max(...others));
    }
  });

  it('is the same in a picture that bears the mark already, also when that was cut, so that the mark can be made again and taken out', () => {
    const picture = texturedPicture(384, 320, 3);
    const marked = embed(picture, PAYLOAD, KEY);
    if (marked.kind !== 'marked') throw new Error(marked.reason);
    const placed = placedIn(picture);
    expect(placedIn(marked.raster)).toEqual(placed);
    const [left, top, width, height] = [37, 22, 300, 280];
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++)
      data.set(marked.raster.data.subarray(((y + top) * 384 + left) * 3, ((y + top) * 384 + left + width) * 3), y * width * 3);
    const again = placedIn({ data, width, height, channels: 3 });
    for (let i = 0; i < 500; i++) {
      const [x, y] = [(i * 31) % TILE, (i * 57) % TILE];
      expect(again[y * TILE + x]).toBe(placed[((y + top) % TILE) * TILE + ((x + left) % TILE)]);
    }
  });

  it('is the one at which it was made when the picture shows nothing', () => {
    expect(placedIn(flatPicture(128, 128, 90))).toEqual(tile);
  });
});
