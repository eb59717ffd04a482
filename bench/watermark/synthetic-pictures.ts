import sharp from 'sharp';
import type { Raster } from '../../src/watermark/raster.ts';
import { normalFrom, seededRandom } from '../random.ts';
import { rasterOf } from './pixels.ts';
import type { Photo } from './robustness.ts';

/** Pictures that nobody photographed: what a mark has least room in, and what a reader could take for a mark. Drawn from numbers, the same in every run. */
export async function syntheticPictures(width: number, height: number): Promise<Photo[]> {
  const drawn = await Promise.all(
    Object.entries(DRAWINGS).map(async ([name, draw]) => ({ name, raster: await fromSvg(draw(width, height), width, height) })),
  );
  const computed = Object.entries(PIXELS).map(([name, level]) => ({ name, raster: fromLevels(width, height, level(width, height)) }));
  return [...drawn, ...computed];
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Bodies of SVG pictures. */
const DRAWINGS: Readonly<Record<string, (width: number, height: number) => string>> = {
  'text page': (width, height) =>
    `<rect width="100%" height="100%" fill="#fff"/><g font-family="serif" font-size="15" fill="#111">${range(Math.floor(height / 20))
      .map(
        (i) =>
          `<text x="12" y="${18 + 20 * i}">${'The quick brown fox jumps over the lazy dog, line by line. '.repeat(1 + (width >> 8)).slice(i % 9)}</text>`,
      )
      .join('')}</g>`,
  logo: (width, height) =>
    `<rect width="100%" height="100%" fill="#f6f6f4"/><circle cx="${width / 2}" cy="${height / 2}" r="${height / 3}" fill="#c2272d"/><rect x="${width / 2 - height / 8}" y="${height / 4}" width="${height / 4}" height="${height / 2}" fill="#fff"/>`,
  cartoon: (width, height) =>
    `<rect width="100%" height="100%" fill="#9bd3f0"/>${range(14)
      .map(
        (i) =>
          `<ellipse cx="${(i * 0.37 * width) % width}" cy="${((i * 0.23 + 0.1) * height) % height}" rx="${(0.05 + 0.012 * (i % 6)) * width}" ry="${(0.04 + 0.01 * (i % 5)) * height}" fill="hsl(${i * 47},60%,60%)" stroke="#222" stroke-width="3"/>`,
      )
      .join('')}`,
  'line drawing': (width, height) =>
    `<rect width="100%" height="100%" fill="#fff"/><g fill="none" stroke="#222" stroke-width="1.5">${range(40)
      .map((i) => `<path d="M0 ${(i * height) / 40} Q ${width / 2} ${((i * 17) % 40) * (height / 40)} ${width} ${(i * height) / 40}"/>`)
      .join('')}</g>`,
  'linear gradient': () =>
    `<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#203060"/><stop offset="1" stop-color="#e0c080"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>`,
};

/** Grey level at (x, y). */
const PIXELS: Readonly<Record<string, (width: number, height: number) => (x: number, y: number) => number>> = {
  white: () => () => 255,
  grey: () => () => 128,
  black: () => () => 0,
  'pixel art': () => (x, y) => 40 + 24 * ((Math.imul((x >> 4) + 7, 73) ^ Math.imul((y >> 4) + 3, 151)) & 7),
  'checks of 16': () => (x, y) => (((x >> 4) + (y >> 4)) & 1 ? 225 : 30),
  'stripes of 8': () => (x) => ((x >> 3) & 1 ? 200 : 60),
  'waves of 9 pixels': () => (x, y) => 128 + 60 * Math.sin((2 * Math.PI * x) / 9) * Math.cos((2 * Math.PI * y) / 9),
  noise: () => {
    const normal = normalFrom(seededRandom(5));
    return () => 128 + 40 * normal();
  },
};

function fromSvg(body: string, width: number, height: number): Promise<Raster> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
  return rasterOf(sharp(Buffer.from(svg)).flatten().removeAlpha().toColourspace('srgb'));
}

function fromLevels(width: number, height: number, level: (x: number, y: number) => number): Raster {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(level(i % width, Math.floor(i / width)), 3 * i, 3 * i + 3);
  return { data: new Uint8Array(data.buffer), width, height, channels: 3 };
}
