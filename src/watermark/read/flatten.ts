import type { Plane } from '../raster.ts';
import { boxMean } from '../signal/box-mean.ts';

const DETAIL_RADIUS = 3;
const CONTRAST_RADIUS = 2;
/** Grey levels: where a picture is flatter than this, noise is not blown up. */
const LEAST_CONTRAST = 3;
const CLIP = 2.5;

/**
 * What of a picture a mark can be seen in: detail above its surroundings, divided by the local contrast, clipped. Every place counts alike then,
 * whatever the picture shows there. The single most valuable step of detection (research: contrast radius 3 instead of 10 took 49 of 63 hard
 * cases to 55).
 */
export function flatten({ values, width, height }: Plane): Plane {
  const detail = new Float32Array(values.length);
  boxMean(values, width, height, DETAIL_RADIUS, detail);
  const squares = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const difference = (values[i] ?? 0) - (detail[i] ?? 0);
    detail[i] = difference;
    squares[i] = difference * difference;
  }
  const contrast = new Float32Array(values.length);
  boxMean(squares, width, height, CONTRAST_RADIUS, contrast);
  for (let i = 0; i < values.length; i++) {
    const value = (detail[i] ?? 0) / Math.sqrt((contrast[i] ?? 0) + LEAST_CONTRAST * LEAST_CONTRAST);
    detail[i] = Math.min(CLIP, Math.max(-CLIP, value));
  }
  return { values: detail, width, height };
}
