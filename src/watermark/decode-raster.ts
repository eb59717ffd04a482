import sharp from 'sharp';
import type { Raster } from './raster.ts';

sharp.cache(false);
sharp.concurrency(1);

/**
 * The first frame of a file as it is looked at: upright, 8-bit sRGB. Only in the worker pool: the bytes may be hostile.
 * @throws what sharp throws for a file that cannot be decoded whole
 */
export async function decodeRaster(bytes: Uint8Array, maxPixels: number): Promise<Raster> {
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels }).autoOrient().toColourspace('srgb');
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels < 1 || channels > 4) throw new RangeError('a picture has one to four channels');
  return { data, width, height, channels: channels === 1 ? 1 : channels === 2 ? 2 : channels === 3 ? 3 : 4 };
}
