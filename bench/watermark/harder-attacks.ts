import sharp from 'sharp';
import type { Raster } from '../../src/watermark/raster.ts';
import { type Attack, chain, cropped, jpeg, mapped, noise, pixels, rotated, scaled } from './attacks.ts';
import { rasterOf, sharpOf, through } from './pixels.ts';

const blurred = (sigma: number) => pixels((picture) => picture.blur(sigma));

const overlay: Attack = async (raster) => {
  const [width, height] = [Math.round(raster.width * 0.4), Math.round(raster.height * 0.25)];
  const block = {
    input: { create: { width, height, channels: 3, background: '#284b8c' } },
    left: raster.width >> 2,
    top: raster.height >> 1,
  } as const;
  return rasterOf(sharpOf(raster).composite([block]));
};

/** The picture at 0.6 of its size in a page of 1280 × 800 with bars for lines of text. */
const page: Attack = async (raster) => {
  const inside = await scaled(Math.min(0.6, 760 / raster.height, 1240 / raster.width))(raster, 0);
  const lines = Array.from({ length: 22 }, (_, i) => {
    const words = Array.from(
      { length: 9 },
      (_unused, j) => `<rect x="${760 + 54 * j}" y="${40 + 34 * i}" width="${30 + ((i * 7 + j * 13) % 22)}" height="9"/>`,
    );
    return words.join('');
  });
  const text = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="800"><g fill="#333">${lines.join('')}</g></svg>`);
  const canvas = sharp({ create: { width: 1280, height: 800, channels: 3, background: '#f4f4f2' } });
  const picture = { input: Buffer.from(inside.data), raw: { width: inside.width, height: inside.height, channels: inside.channels } };
  return through(
    canvas
      .composite([
        { input: text, left: 0, top: 0 },
        { ...picture, left: 40, top: 30 },
      ])
      .jpeg({ quality: 80 }),
  );
};

/** White bars with black words, as under a joke. */
const caption: Attack = async (raster) => {
  const { width } = raster;
  const bar = Math.round(raster.height / 7);
  const words = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bar}"><rect width="100%" height="100%" fill="#fff"/><text x="50%" y="65%" text-anchor="middle" font-family="sans-serif" font-weight="bold" font-size="${bar / 2}">WHEN THE BUILD IS GREEN</text></svg>`;
  const framed = await rasterOf(sharpOf(raster).extend({ top: bar, bottom: bar, background: '#fff' }));
  const input = Buffer.from(words);
  return rasterOf(
    sharpOf(framed).composite([
      { input, left: 0, top: 0 },
      { input, left: 0, top: framed.height - bar },
    ]),
  );
};

/** Seen from the side: the right edge is lower by a share of its height at both ends. */
const perspective =
  (share: number): Attack =>
  async ({ data, width, height, channels }: Raster) => {
    const out = new Uint8Array(data.length);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const zoom = 1 + (2 * share * x) / width;
        const from = (y - height / 2) * zoom + height / 2;
        const upper = Math.min(height - 1, Math.max(0, Math.floor(from)));
        const lower = Math.min(height - 1, upper + 1);
        const part = Math.min(1, Math.max(0, from - upper));
        for (let channel = 0; channel < channels; channel++, to++) {
          const at = x * channels + channel;
          out[to] = Math.round((1 - part) * (data[upper * width * channels + at] ?? 0) + part * (data[lower * width * channels + at] ?? 0));
        }
      }
    }
    return { data: out, width, height, channels };
  };

/** Beyond the list: where the limits are. */
export const HARDER: Readonly<Record<string, Attack>> = {
  'jpeg 10': jpeg(10),
  'resize 0.33': scaled(0.33),
  'aspect 1 × 0.9': scaled(1, 0.9),
  'crop 10 %, random': cropped(0.1, 'random'),
  'crop 50 %, zoomed back, jpeg 70': chain(cropped(0.5, 'random'), scaled(Math.SQRT2), jpeg(70)),
  'rotate 2, crop 75 %, resize 0.7, jpeg 75': chain(rotated(2), cropped(0.75, 'random'), scaled(0.7), jpeg(75)),
  'rotate 30': rotated(30),
  'median 5': pixels((picture) => picture.median(5)),
  'blur 2': pixels((picture) => picture.blur(2)),
  'noise 20': noise(20),
  inverted: pixels((picture) => picture.negate()),
  'block over 10 %': overlay,
  'inside a page, jpeg 80': page,
  'caption above and below, resize 0.7, jpeg 80': chain(caption, scaled(0.7), jpeg(80)),
  'perspective, 2 % of a side': perspective(0.02),
  'shear 2 %': pixels((picture) => picture.affine([1, 0.02, 0, 1], { background: '#000' })),
  'like print and scan': chain(
    scaled(1.3),
    rotated(1),
    blurred(1.2),
    mapped((value) => 18 + 0.84 * value),
    noise(6),
    scaled(0.7),
    jpeg(60),
  ),
  'three times jpeg with crops': chain(jpeg(70), cropped(0.9, 'random'), jpeg(60), cropped(0.9, 'random'), jpeg(50)),
};
