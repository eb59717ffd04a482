import { decodeRaster } from './decode-raster.ts';
import type { Detection, DetectOptions } from './detection.ts';
import { encodeSketch } from './likeness/sketch.ts';
import { sketchPicture } from './likeness/sketch-picture.ts';
import type { MarkKey } from './mark-key.ts';
import type { Raster } from './raster.ts';
import { detect } from './watermark.ts';

export interface ReadMarkInput {
  readonly bytes: Uint8Array;
  readonly keys: readonly MarkKey[];
  readonly options: DetectOptions;
  readonly maxPixels: number;
}

/** What a file's mark says, and the sketch of what the file shows, with what was done to it since undone. */
export type ReadMarkOutput =
  | { readonly kind: 'found'; readonly detection: Extract<Detection, { kind: 'found' }>; readonly sketch: Uint8Array }
  | Exclude<Detection, { kind: 'found' }>
  | { readonly kind: 'undecodable' };

/** Runs in a worker process: one decode for both. */
export async function run({ bytes, keys, options, maxPixels }: ReadMarkInput): Promise<ReadMarkOutput> {
  let raster: Raster;
  try {
    raster = await decodeRaster(bytes, maxPixels);
  } catch {
    return { kind: 'undecodable' };
  }
  const detection = detect(raster, keys, options);
  if (detection.kind !== 'found') return detection;
  return { kind: 'found', detection, sketch: encodeSketch(sketchPicture(raster, detection.transform)) };
}
