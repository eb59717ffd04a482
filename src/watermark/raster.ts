/**
 * One still picture as plain pixels: interleaved 8-bit sRGB, row by row, upright (EXIF orientation applied). Channels: 1 grey, 2 grey and
 * alpha, 3 RGB, 4 RGB and alpha; alpha is not premultiplied. `data.length` is `width * height * channels`.
 */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** One real number a pixel, row by row. */
export interface Plane {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** @throws RangeError when the bytes are not the picture that the numbers promise */
export function assertRaster({ data, width, height, channels }: Raster): void {
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!isWhole || data.length !== width * height * channels)
    throw new RangeError('the raster has not as many bytes as its size and channels say');
}

export function emptyPlane(width: number, height: number): Plane {
  return { values: new Float32Array(width * height), width, height };
}
