import type { MarkTransform } from './detection.ts';
import type { MarkKey } from './mark-key.ts';
import type { Raster } from './raster.ts';
import { detect, embed } from './watermark.ts';

/** The mark lies where it was put: then it can be made again and subtracted. */
function isInPlace({ scaleX, scaleY, rotationDegrees, mirrored, inverted, part }: MarkTransform): boolean {
  return (
    Math.abs(scaleX - 1) < 0.002 &&
    Math.abs(scaleY - 1) < 0.002 &&
    Math.abs(rotationDegrees) < 0.1 &&
    !mirrored &&
    !inverted &&
    part.width === 1 &&
    part.height === 1
  );
}

/**
 * A picture without the mark that it holds already, if it holds one of these keys: of two marks under one key either may be read later. The mark is made
 * anew from its payload and subtracted, if the picture was neither shifted nor scaled; else it stays.
 */
export function withoutOldMark(raster: Raster, keys: readonly MarkKey[]): { readonly raster: Raster; readonly hadMark: boolean } {
  if (keys.length === 0) return { raster, hadMark: false };
  const found = detect(raster, keys, { effort: 'standard' });
  if (found.kind !== 'found') return { raster, hadMark: false };
  const key = keys.find(({ epoch }) => epoch === found.keyEpoch);
  if (key === undefined || !isInPlace(found.transform)) return { raster, hadMark: true };
  const again = embed(raster, found.payload, key);
  if (again.kind !== 'marked') return { raster, hadMark: true };
  const data = raster.data.map((value, i) => Math.min(255, Math.max(0, 2 * value - (again.raster.data[i] ?? value))));
  const cleaned = { ...raster, data };
  // A shifted picture would now hold both: the old one where it was, and its negative elsewhere.
  const isGone = detect(cleaned, [key], { effort: 'standard' }).kind !== 'found';
  return { raster: isGone ? cleaned : raster, hadMark: true };
}
