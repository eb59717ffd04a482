import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Raster } from '../../src/watermark/raster.ts';

/** What came out of sharp as a raster. */
export async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  if (info.channels < 1 || info.channels > 4) throw new RangeError('a picture has one to four channels');
  const channels = info.channels === 1 ? 1 : info.channels === 2 ? 2 : info.channels === 3 ? 3 : 4;
  return { data: new Uint8Array(data), width: info.width, height: info.height, channels };
}

export function sharpOf({ data, width, height, channels }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** Through a file and back. */
export async function through(picture: Sharp): Promise<Raster> {
  return rasterOf(sharp(await picture.toBuffer()));
}

/** Every picture of a folder, by name (PNG, JPEG, WebP). */
export async function readPhotos(folder: string): Promise<{ readonly name: string; readonly raster: Raster }[]> {
  const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ name, raster: await rasterOf(sharp(join(folder, name)).removeAlpha().toColourspace('srgb')) })),
  );
}
