import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import { distanceOf, SAME_PERSON_BELOW } from '../faces/same-person.ts';
import { animation, blobs, picture } from '../pictures.fixture.ts';
import { decodeFrames } from './decode-frames.ts';
import { DRAWN_FACE, drawnPerson } from './drawn-person.fixture.ts';
import { mirrored, squareOf } from './patch.ts';
import { createPictureLooker } from './picture-looker.ts';
import { letterboxOf, pyramidOf, wholeOf } from './pyramid.ts';
import type { Sight } from './sight.ts';

const pool = createWorkerPool({ size: 1, maxRssMb: 1_200 });
afterAll(() => pool.close());
const looker = createPictureLooker({ pool, deadlineMs: 60_000 });

const PERSON = await drawnPerson();

async function seen(bytes: Uint8Array, effort: 'standard' | 'thorough' = 'standard'): Promise<Extract<Sight, { kind: 'seen' }>> {
  const sight = await looker.look(bytes, effort);
  if (sight.kind !== 'seen') throw new Error('the picture could not be read');
  return sight;
}

const only = async (bytes: Uint8Array) => {
  const { faces } = await seen(bytes, 'thorough');
  expect(faces).toHaveLength(1);
  return faces[0]!;
};

describe('looking at a picture', () => {
  it('finds the one face in a picture, where it is', async () => {
    const { faces, width, height } = await seen(PERSON);
    expect([width, height]).toEqual([512, 512]);
    expect(faces).toHaveLength(1);
    const [{ box, certainty }] = faces as [(typeof faces)[0]];
    expect(certainty).toBeGreaterThan(0.9);
    expect(box.x + box.width / 2).toBeCloseTo(DRAWN_FACE.x, -1);
    expect(Math.abs(box.y + box.height / 2 - DRAWN_FACE.y)).toBeLessThan(25);
  });

  it.each([1, 2, 3])('sees no face and no nudity in soft shapes (%i), though one of its networks takes some for faces', async (seed) => {
    const { faces, nudity } = await seen(
      await picture(blobs(640, 480, seed), 640, 480)
        .png()
        .toBuffer(),
      'thorough',
    );
    expect(faces).toEqual([]);
    expect(nudity.deep?.explicit).toBeLessThan(0.3);
  });

  it.each([90, 180, 270])('takes a head turned by %i degrees for the same person', async (degrees) => {
    const upright = await only(PERSON);
    const turned = await only(await sharp(PERSON).rotate(degrees).png().toBuffer());
    expect(distanceOf(upright.descriptor, turned.descriptor)).toBeLessThan(0.3);
  });

  it('takes a mirrored, darker, smaller and compressed copy for the same person', async () => {
    const face = await only(PERSON);
    const copy = await only(await sharp(PERSON).flop().modulate({ brightness: 0.7 }).resize(300).jpeg({ quality: 40 }).toBuffer());
    expect(distanceOf(face.descriptor, copy.descriptor)).toBeLessThan(SAME_PERSON_BELOW);
  });

  it('turns a photograph as its metadata ask, like every viewer', async () => {
    const lying = await sharp(await sharp(PERSON).rotate(90).toBuffer())
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    const { rollDegrees } = await only(lying);
    expect(Math.abs(rollDegrees)).toBeLessThan(15);
  });

  it('looks into the last frame of an animation', async () => {
    const face = await sharp(PERSON).removeAlpha().raw().toBuffer();
    const stacked = Buffer.concat([blobs(512, 512, 1), blobs(512, 512, 3), blobs(512, 512, 5), face]);
    const animated = await sharp(stacked, { raw: { width: 512, height: 512 * 4, channels: 3, pageHeight: 512 } })
      .webp({ effort: 0 })
      .toBuffer();
    const { frames, faces } = await seen(animated);
    expect(frames).toBe(4);
    expect(faces.map(({ frame }) => frame)).toEqual([3]);
  });

  it('sees a face that is hidden below full transparency, and one that a viewer shows', async () => {
    const rgb = await sharp(PERSON).removeAlpha().raw().toBuffer();
    const hidden = Buffer.alloc(512 * 512 * 4);
    for (let at = 0; at < 512 * 512; at++) hidden.set([...rgb.subarray(at * 3, at * 3 + 3), 0], at * 4);
    const png = await sharp(hidden, { raw: { width: 512, height: 512, channels: 4 } })
      .png()
      .toBuffer();
    expect((await seen(png)).faces).toHaveLength(1);
  });

  it('sees a face that white pixels show on dark pages alone', async () => {
    const alpha = await sharp(PERSON).greyscale().raw().toBuffer();
    const white = Buffer.alloc(512 * 512 * 4, 255);
    for (const [at, value] of alpha.entries()) white[at * 4 + 3] = value;
    const png = await sharp(white, { raw: { width: 512, height: 512, channels: 4 } })
      .png()
      .toBuffer();
    expect((await seen(png)).faces).toHaveLength(1);
  });

  it.each([
    ['grey', async () => sharp(PERSON).greyscale().png().toBuffer()],
    ['CMYK', async () => sharp(PERSON).toColourspace('cmyk').jpeg().toBuffer()],
    ['16-bit', async () => sharp(PERSON).toColourspace('rgb16').png().toBuffer()],
    ['palette', async () => sharp(PERSON).png({ palette: true }).toBuffer()],
  ])('reads a %s picture', async (_, make) => {
    expect((await seen(await make())).faces).toHaveLength(1);
  });

  it('has an answer for one pixel', async () => {
    const { faces } = await seen(
      await picture(new Uint8Array([9, 9, 9]), 1, 1)
        .png()
        .toBuffer(),
      'thorough',
    );
    expect(faces).toEqual([]);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('not a picture')],
    ['half a picture', PERSON.subarray(0, 9_000)],
  ])('does not pretend to have seen %s', async (_, bytes) => {
    expect(await looker.look(bytes, 'standard')).toEqual({ kind: 'unreadable' });
  });

  it('is a lost job, not a pass, when the process takes too long', async () => {
    const hasty = createPictureLooker({ pool, deadlineMs: 1 });
    await expect(hasty.look(Buffer.from(PERSON), 'thorough')).rejects.toMatchObject({ code: 'JOB_TIMED_OUT' });
    expect((await seen(PERSON)).faces).toHaveLength(1);
  });

  it('answers for the same bytes once', async () => {
    const first = await looker.look(PERSON, 'standard');
    expect(await looker.look(PERSON, 'standard')).toBe(first);
  });
});

describe('frames', () => {
  it('are all there, smaller, with their shape kept', async () => {
    const decoded = await decodeFrames(await animation(600, 300, 3).webp({ effort: 0 }).toBuffer(), 1e8);
    expect(decoded).toMatchObject({ width: 600, height: 300, frames: 3 });
    expect(decoded?.views.map((frames) => frames.map(({ width, height }) => [width, height]))).toEqual([new Array(3).fill([512, 256])]);
  });

  it('do not come out of a picture over the limit', async () => {
    expect(await decodeFrames(await picture(blobs(100, 100), 100, 100).png().toBuffer(), 9_999)).toBeUndefined();
  });
});

describe('cutting squares out of a picture', () => {
  const raster = pyramidOf({ width: 64, height: 32, rgb: blobs(64, 32) });

  it('gives the picture itself where nothing is turned or stretched', () => {
    const square = squareOf(raster, { centerX: 16, centerY: 16, width: 32, height: 32, angle: 0 }, 32);
    for (const at of [0, 5, 700]) {
      const [row, column] = [Math.floor(at / 32), at % 32];
      expect(square[at * 3]).toBeCloseTo(raster.rgb[(row * 64 + column) * 3]!, 3);
    }
  });

  it('is black outside the picture', () => {
    const square = squareOf(raster, letterboxOf(raster), 64);
    expect(square.subarray(0, 64 * 3).every((value) => value === 0)).toBe(true);
    expect(square[(32 * 64 + 32) * 3]).toBeGreaterThan(0);
  });

  it('turned by half a circle is the square upside down', () => {
    const upright = squareOf(raster, wholeOf(raster), 16);
    const turned = squareOf(raster, { ...wholeOf(raster), angle: Math.PI }, 16);
    for (const at of [0, 17, 255]) expect(turned[(255 - at) * 3]).toBeCloseTo(upright[at * 3]!, 2);
  });

  it('turned by a hair is the square that was not turned, beyond the edge as well', () => {
    const beyond = { centerX: 40, centerY: 8, width: 50, height: 30, angle: 0 };
    const straight = squareOf(raster, beyond, 20);
    const turned = squareOf(raster, { ...beyond, angle: 1e-6 }, 20);
    expect(straight.some((value) => value > 0)).toBe(true);
    for (const [at, value] of straight.entries()) expect(Math.abs(value - turned[at]!)).toBeLessThan(0.01);
  });

  it('seen twice in a mirror is itself', () => {
    const square = squareOf(raster, wholeOf(raster), 16);
    expect(mirrored(mirrored(square))).toEqual(square);
    expect(mirrored(square).subarray(45, 48)).toEqual(square.subarray(0, 3));
  });

  it('does not lose thin lines when it shrinks', () => {
    const rgb = new Uint8Array(512 * 512 * 3);
    for (let y = 0; y < 512; y++) for (let x = 0; x < 512; x += 7) rgb.fill(255, (y * 512 + x) * 3, (y * 512 + x) * 3 + 3);
    const square = squareOf(
      pyramidOf({ width: 512, height: 512, rgb }),
      { centerX: 256, centerY: 256, width: 512, height: 512, angle: 0 },
      32,
    );
    const mean = square.reduce((sum, value) => sum + value, 0) / square.length;
    expect(mean).toBeGreaterThan(30);
    expect(mean).toBeLessThan(43);
    expect(Math.max(...square)).toBeLessThan(80);
  });
});
