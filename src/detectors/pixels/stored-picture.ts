import sharp from 'sharp';

/**
 * A still picture as its file stores it: interleaved 8-bit pixels, not turned by its orientation, alpha not multiplied in. The lowest bits are
 * those of the file where that is 8-bit RGB without a color profile. One to four channels: grey, grey and alpha, RGB, RGB and alpha.
 */
export interface StoredPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** libvips' name of the format. */
  readonly format: string;
  readonly hasAlpha: boolean;
  /** EXIF, 1–8; 1 is upright. */
  readonly orientation: number;
}

/**
 * Decodes a still picture, once for all that look at pixels; null for one with several frames. Only in the worker pool.
 * @throws what sharp throws for a file that cannot be decoded whole
 */
export async function decodeStored(bytes: Uint8Array, maxPixels: number): Promise<StoredPicture | null> {
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true });
  const { format, hasAlpha, orientation = 1, pages = 1 } = await picture.metadata();
  if (pages > 1) return null;
  const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (data.length !== width * height * channels) throw new RangeError('the pixels do not add up');
  return { data, width, height, channels, format, hasAlpha, orientation };
}
