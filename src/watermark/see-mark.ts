import type { Detection, DetectOptions } from './detection.ts';
import { encodeSketch } from './likeness/sketch.ts';
import { sketchPicture } from './likeness/sketch-picture.ts';
import type { MarkKey } from './mark-key.ts';
import type { Raster } from './raster.ts';
import { detect } from './watermark.ts';

export interface MarkQuestion {
  readonly keys: readonly MarkKey[];
  readonly options: DetectOptions;
}

/** What a picture's mark says, and the sketch of what the picture shows, with what was done to it since undone. */
export type MarkAnswer =
  | { readonly kind: 'found'; readonly detection: Extract<Detection, { kind: 'found' }>; readonly sketch: Uint8Array }
  | Exclude<Detection, { kind: 'found' }>
  | { readonly kind: 'undecodable' };

/** Pure; see `detect` for what it costs. */
export function seeMark(raster: Raster, { keys, options }: MarkQuestion): MarkAnswer {
  if (keys.length === 0) return { kind: 'absent', syncZ: 0 };
  const detection = detect(raster, keys, options);
  if (detection.kind !== 'found') return detection;
  return { kind: 'found', detection, sketch: encodeSketch(sketchPicture(raster, detection.transform)) };
}
