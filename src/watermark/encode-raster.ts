import sharp, { type Sharp } from 'sharp';
import type { Raster } from './raster.ts';

/** File formats that are written. GIF is not: 256 colors leave no room for the mark. */
export type MarkedFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff';

/** Color is kept at full size and compression is light: what the mark loses here it lacks later. */
const ENCODERS: Readonly<Record<MarkedFormat, (picture: Sharp) => Sharp>> = {
  png: (picture) => picture.png({ compressionLevel: 6 }),
  jpeg: (picture) => picture.flatten({ background: '#fff' }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  webp: (picture) => picture.webp({ quality: 92 }),
  avif: (picture) => picture.avif({ quality: 80, chromaSubsampling: '4:4:4' }),
  tiff: (picture) => picture.tiff({ compression: 'lzw' }),
};

/** A file of a marked picture, without any metadata. Only in the worker pool. */
export async function encodeRaster({ data, width, height, channels }: Raster, format: MarkedFormat): Promise<Uint8Array> {
  return new Uint8Array(await ENCODERS[format](sharp(data, { raw: { width, height, channels } })).toBuffer());
}
