import sharp, { type Sharp } from 'sharp';
import type { StoredPicture } from '../detectors/pixels/stored-picture.ts';
import type { Raster } from './raster.ts';

sharp.cache(false);
sharp.concurrency(1);

/**
 * The first frame of a file as it is looked at: upright, 8-bit sRGB. Only in the worker pool: the bytes may be hostile.
 * @throws what sharp throws for a file that cannot be decoded whole
 */
export async function decodeRaster(bytes: Uint8Array, maxPixels: number): Promise<Raster> {
  return rasterOf(sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels }).autoOrient());
}

/** The same, of a picture that was decoded already, without decoding it again. */
export async function uprightRaster({ data, width, height, channels, orientation }: StoredPicture): Promise<Raster> {
  const raw = { width, height, channels: channelsOf(channels) };
  const turn = TURNS[orientation];
  return turn === undefined ? { data, ...raw } : rasterOf(turn(sharp(data, { raw, limitInputPixels: false })));
}

/** What makes each EXIF orientation upright; sharp turns before it mirrors. */
const TURNS: Readonly<Record<number, (picture: Sharp) => Sharp>> = {
  2: (picture) => picture.flop(),
  3: (picture) => picture.rotate(180),
  4: (picture) => picture.flip(),
  5: (picture) => picture.rotate(90).flip(),
  6: (picture) => picture.rotate(90),
  7: (picture) => picture.rotate(90).flop(),
  8: (picture) => picture.rotate(270),
};

async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: channelsOf(info.channels) };
}

function channelsOf(channels: number): Raster['channels'] {
  if (channels < 1 || channels > 4) throw new RangeError('a picture has one to four channels');
  return channels === 1 ? 1 : channels === 2 ? 2 : channels === 3 ? 3 : 4;
}
