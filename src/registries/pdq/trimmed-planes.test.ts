import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { blobs, noise, picture } from '../../detectors/pictures.fixture.ts';
import { lumaOf } from './luma.ts';
import { PDQ_MATCH_DISTANCE } from './pdq-bands.ts';
import { pdqDistance } from './pdq-bits.ts';
import { pdqHash } from './pdq-hash.ts';
import { trimmedPlanes } from './trimmed-planes.ts';

const [WIDTH, HEIGHT] = [480, 360];
const original = await picture(blobs(WIDTH, HEIGHT), WIDTH, HEIGHT).png().toBuffer();
const wanted = pdqHash(await planeOf(original)).orientations[0] ?? new Uint32Array(8);

async function planeOf(bytes: Uint8Array) {
  const shrunk = sharp(bytes).resize(512, 512, { fit: 'fill', kernel: 'cubic', withoutEnlargement: true });
  const { data, info } = await shrunk.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return lumaOf(data, info.width, info.height);
}

/** How near the picture comes to the original as it stands, and when what was found around it is cut off. */
async function distances(bytes: Uint8Array) {
  const plane = await planeOf(bytes);
  const distance = (one: typeof plane) => pdqDistance(pdqHash(one).orientations[0] ?? new Uint32Array(8), wanted);
  return { untouched: distance(plane), trimmed: Math.min(...trimmedPlanes(plane).map((part) => distance(part.plane))) };
}

/** Dark bars on a light strip stand for words. */
function strip(width: number, height: number, lines: number): Promise<Buffer> {
  const bars = Array.from({ length: lines * 14 }, (_, i) => {
    const [line, word] = [Math.floor(i / 14), i % 14];
    const [x, y] = [Math.round(width * (0.04 + 0.065 * word)), Math.round((height * (line + 0.25)) / lines)];
    return `<rect x="${x}" y="${y}" width="${Math.round(width * 0.045)}" height="${Math.round((height / lines) * 0.5)}" fill="#111"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#f4f4f4"/>${bars.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

const around = (share: number, background: string) => {
  const [x, y] = [Math.round(WIDTH * share), Math.round(HEIGHT * share)];
  return sharp(original).extend({ left: x, right: x, top: y, bottom: y, background });
};

async function captioned(side: 'top' | 'bottom', lines: number) {
  const height = 50 * lines;
  const input = await strip(WIDTH, height, lines);
  return sharp(original)
    .extend({ [side]: height, background: '#f4f4f4' })
    .composite([{ input, left: 0, top: side === 'top' ? 0 : HEIGHT }]);
}

describe('what may have been added around a picture', () => {
  it.each([
    ['a white border of five percent', () => around(0.05, '#fff')],
    ['a red border of five percent', () => around(0.05, '#b33')],
    [
      'a black border within a white one',
      async () =>
        sharp(await around(0.05, '#000').png().toBuffer()).extend({ top: 20, bottom: 20, left: 20, right: 20, background: '#fff' }),
    ],
    ['the bars of a letterbox', () => sharp(original).extend({ top: 90, bottom: 90, background: '#000' })],
    ['bars left and right', () => sharp(original).extend({ left: 200, right: 200, background: '#101010' })],
    ['a bar on one side', () => sharp(original).extend({ right: 70, background: '#fff' })],
    ['a caption above', () => captioned('top', 1)],
    ['a caption of three lines below', () => captioned('bottom', 3)],
    [
      'a caption in a frame',
      async () =>
        sharp(await (await captioned('bottom', 2)).png().toBuffer()).extend({
          top: 30,
          bottom: 30,
          left: 30,
          right: 30,
          background: '#222',
        }),
    ],
  ])('is cut off: %s, also in a poor JPEG', async (_, change) => {
    const bytes = await (await change()).png().toBuffer();
    for (const one of [bytes, await sharp(bytes).jpeg({ quality: 40 }).toBuffer()]) {
      const { untouched, trimmed } = await distances(one);
      expect(untouched).toBeGreaterThan(PDQ_MATCH_DISTANCE);
      expect(trimmed).toBeLessThanOrEqual(PDQ_MATCH_DISTANCE);
    }
  });

  it('is nothing in a picture without it', async () => {
    expect(trimmedPlanes(await planeOf(original))).toEqual([]);
    expect(trimmedPlanes(lumaOf(noise(300, 200), 300, 200))).toEqual([]);
  });

  it('is nothing in a photograph whose edges are dark and not of one color', async () => {
    const vignette = lumaOf(blobs(512, 512), 512, 512);
    const values = vignette.values.map((value, i) => {
      const [x, y] = [(i % 512) / 256 - 1, Math.floor(i / 512) / 256 - 1];
      return value * Math.max(0.35, 1 - Math.max(Math.abs(x), Math.abs(y)) ** 4);
    });
    expect(trimmedPlanes({ ...vignette, values })).toEqual([]);
  });

  it('is nothing where hardly a picture would be left, as in one of a single color', () => {
    const flat = { values: new Float32Array(512 * 512).fill(30), width: 512, height: 512 };
    expect(trimmedPlanes(flat)).toEqual([]);
    flat.values.fill(200, 512 * 250 + 200, 512 * 250 + 260);
    expect(trimmedPlanes(flat)).toEqual([]);
    for (const [width, height] of [
      [1, 1],
      [512, 1],
      [1, 300],
      [2, 2],
    ] as const)
      expect(trimmedPlanes({ values: new Float32Array(width * height), width, height })).toEqual([]);
  });
});
