import type { MarkTransform } from '../detection.ts';
import type { Plane, Raster } from '../raster.ts';
import { canonicalLuma } from '../signal/canonical-scale.ts';
import { blockCells, sampleCells } from './sample-cells.ts';
import { type Sketch, sketchOf } from './sketch.ts';

/** The sketch of a picture as it stands, or as it stood before `undone` was done to it. Pure; 5 to 20 ms of CPU at one megapixel. */
export function sketchPicture(raster: Raster, undone?: Omit<MarkTransform, 'inverted' | 'part'>): Sketch {
  const luma = canonicalLuma(raster);
  return sketchOf(undone === undefined || isAsItStood(luma, undone) ? blockCells(luma) : sampleCells(luma, undone));
}

/** Nothing in the picture is farther than a pixel from where it was: far below the side of a cell. */
function isAsItStood(
  { width, height }: Plane,
  { scaleX, scaleY, rotationDegrees, mirrored }: Omit<MarkTransform, 'inverted' | 'part'>,
): boolean {
  const turned = Math.max(width, height) * Math.abs(Math.sin((rotationDegrees * Math.PI) / 180));
  const grown = Math.max(width * Math.abs(scaleX - 1), height * Math.abs(scaleY - 1));
  return !mirrored && Math.abs(rotationDegrees) < 90 && turned + grown < 1;
}
