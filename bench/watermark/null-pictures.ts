import sharp from 'sharp';
import type { Raster } from '../../src/watermark/raster.ts';
import { embed } from '../../src/watermark/watermark.ts';
import { ATTACKS } from './attacks.ts';
import { rasterOf, sharpOf } from './pixels.ts';
import { keyOf, type Photo } from './robustness.ts';
import { syntheticPictures } from './synthetic-pictures.ts';

/** A picture in which no mark of a random key can be, and what sort it is. */
export interface NullPicture {
  readonly kind: string;
  readonly raster: Raster;
}

/** A search costs by the megapixel, and the bound does not depend on it (small pictures have more attempts), so most are small. */
const SMALL = { width: 288, height: 224 };

/** Whole photographs, crops, crops marked under another key (also recompressed and shrunk), and synthetic pictures. */
export async function nullPictures(photos: readonly Photo[]): Promise<NullPicture[]> {
  const whole = photos.filter((_, i) => i % 10 === 3).map(({ raster }) => ({ kind: 'whole photographs', raster }));
  const crops = await Promise.all(photos.map(({ raster }, i) => cropOf(raster, i)));
  const marked = await Promise.all(
    crops.map(async (raster, i) => ({ kind: 'marked under another key', raster: await markedUnderAnother(raster, i) })),
  );
  const synthetic = await syntheticPictures(SMALL.width, SMALL.height);
  return [
    ...whole,
    ...crops.map((raster) => ({ kind: 'crops of photographs', raster })),
    ...marked,
    ...synthetic.map(({ raster }) => ({ kind: 'synthetic', raster })),
  ];
}

async function cropOf(raster: Raster, i: number): Promise<Raster> {
  const [left, top] = [((i * 67) % 97) / 97, ((i * 41) % 89) / 89];
  const { width, height } = SMALL;
  const place = { left: Math.floor(left * (raster.width - width)), top: Math.floor(top * (raster.height - height)), width, height };
  return rasterOf(sharpOf(raster).extract(place));
}

async function markedUnderAnother(raster: Raster, i: number): Promise<Raster> {
  const embedding = embed(raster, '00112233445566ff', keyOf(1));
  if (embedding.kind !== 'marked') throw new Error(`not markable: ${embedding.reason}`);
  const attack = [ATTACKS['none'], ATTACKS['jpeg 70'], ATTACKS['resize 0.75']][i % 3];
  return attack === undefined ? embedding.raster : attack(embedding.raster, i);
}

sharp.concurrency(1);
