import { decodeRaster } from './decode-raster.ts';
import type { Detection, DetectOptions } from './detection.ts';
import type { MarkKey } from './mark-key.ts';
import type { Raster } from './raster.ts';
import { detect } from './watermark.ts';

export interface DetectInput {
  readonly bytes: Uint8Array;
  readonly keys: readonly MarkKey[];
  readonly options: DetectOptions;
  readonly maxPixels: number;
}

/** Runs in a worker process. */
export async function run({ bytes, keys, options, maxPixels }: DetectInput): Promise<Detection | { readonly kind: 'undecodable' }> {
  let raster: Raster;
  try {
    raster = await decodeRaster(bytes, maxPixels);
  } catch {
    return { kind: 'undecodable' };
  }
  return detect(raster, keys, options);
}
