/**
 * Which copies of a listed picture the perceptual hash finds, as the picture stands and without what may have been added around it:
 * `npx tsx bench/run.ts known-copies DIR…`, with folders of photographs, which are not part of the repository.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { lumaOf } from '../src/registries/pdq/luma.ts';
import { PDQ_MATCH_DISTANCE } from '../src/registries/pdq/pdq-bands.ts';
import { pdqDistance } from '../src/registries/pdq/pdq-bits.ts';
import { pdqHash } from '../src/registries/pdq/pdq-hash.ts';
import { trimmedPlanes } from '../src/registries/pdq/trimmed-planes.ts';
import { note, writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

sharp.concurrency(1);

const QUALITIES = [75, 30];
const files = process.argv.slice(2).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(?:webp|jpg|png)$/.test(name))
    .map((name) => join(folder, name)),
);
if (files.length === 0) {
  note('name folders with photographs');
  process.exit(64);
}

interface Photograph {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

async function planeOf(bytes: Buffer) {
  const { width, height } = await sharp(bytes).metadata();
  const picture = sharp(bytes).toColourspace('srgb').removeAlpha();
  if (width > 512 || height > 512) picture.resize(512, 512, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false });
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return lumaOf(data, info.width, info.height);
}

const around = ({ bytes, width, height }: Photograph, share: number, background: string): Sharp => {
  const [x, y] = [Math.round(width * share), Math.round(height * share)];
  return sharp(bytes).extend({ left: x, right: x, top: y, bottom: y, background });
};

/** Two lines of words on one color. */
function strip(width: number, height: number, background: string, ink: string): Buffer {
  const line = (y: number, size: number, words: string) =>
    `<text x="50%" y="${y}%" font-family="sans-serif" font-size="${Math.round(size)}" text-anchor="middle" fill="${ink}">${words}</text>`;
  const size = Math.min(height / 3, width / 16);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${background}"/>${line(45, size, 'when nobody has read the')}${line(82, size * 0.8, 'second line of it yet')}</svg>`,
  );
}

function captioned({ bytes, width, height }: Photograph, side: 'top' | 'bottom', background: string, ink: string): Sharp {
  const added = Math.round(height * 0.22);
  const input = strip(width, added, background, ink);
  return sharp(bytes)
    .extend({ [side]: added, background })
    .composite([{ input, left: 0, top: side === 'top' ? 0 : height }]);
}

const COPIES: Readonly<Record<string, (photograph: Photograph) => Promise<Sharp> | Sharp>> = {
  'white border of 5 %': (one) => around(one, 0.05, '#fff'),
  'red border of 5 %': (one) => around(one, 0.05, '#c03030'),
  letterbox: ({ bytes, height }) =>
    sharp(bytes).extend({ top: Math.round(height * 0.2), bottom: Math.round(height * 0.2), background: '#000' }),
  'bars left and right': ({ bytes, width }) =>
    sharp(bytes).extend({ left: Math.round(width * 0.6), right: Math.round(width * 0.6), background: '#000' }),
  'bar on one side': ({ bytes, width }) => sharp(bytes).extend({ right: Math.round(width * 0.15), background: '#222' }),
  'caption above': (one) => captioned(one, 'top', '#fff', '#000'),
  'caption below': (one) => captioned(one, 'bottom', '#000', '#fff'),
  'caption below in a frame': async (one) => {
    const bytes = await captioned(one, 'bottom', '#fff', '#000').png().toBuffer();
    return sharp(bytes).extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#222' });
  },
};

const found = new Map<string, { untouched: number; trimmed: number; of: number }>();
const cpuMs: number[] = [];
let withoutNeed = 0;

for (const file of files) {
  const bytes = await sharp(file)
    .resize(800, 800, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const { width, height } = await sharp(bytes).metadata();
  const plane = await planeOf(bytes);
  const hash = pdqHash(plane).orientations[0] ?? new Uint32Array(8);
  const cpu = process.cpuUsage();
  const parts = trimmedPlanes(plane);
  const { user, system } = process.cpuUsage(cpu);
  cpuMs.push((user + system) / 1000);
  if (parts.length > 0) withoutNeed += 1;
  for (const [name, change] of Object.entries(COPIES))
    for (const quality of QUALITIES) {
      const copy = await planeOf(
        await sharp(await (await change({ bytes, width, height })).png().toBuffer())
          .jpeg({ quality })
          .toBuffer(),
      );
      const isNear = (one: typeof copy) => pdqDistance(pdqHash(one).orientations[0] ?? new Uint32Array(8), hash) <= PDQ_MATCH_DISTANCE;
      const row = found.get(name) ?? { untouched: 0, trimmed: 0, of: 0 };
      found.set(name, row);
      row.of += 1;
      if (isNear(copy)) row.untouched += 1;
      if ([copy, ...trimmedPlanes(copy).map((part) => part.plane)].some(isNear)) row.trimmed += 1;
    }
}

await writeResult('known-copies', {
  photographs: files.length,
  jpegQualities: QUALITIES,
  copies: [...found].map(([copy, row]) => ({ copy, ...row })),
  trimmedWithoutNeed: withoutNeed,
  lookCpuMsMedian: rounded(median(cpuMs)),
});
