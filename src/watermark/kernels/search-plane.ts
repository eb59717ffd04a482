import { emptyPlane, type Plane } from '../raster.ts';
import { ROOM, takeKernelMemory } from './kernel-memory.ts';

/** What transforms keep besides the values of a spectrum: tables, the fold, grids of scales and angles. */
const BESIDES = 6 * 2 ** 20;
/** Of a spectrum while it is made: the half transform, power, what is kept of it, and that once more, pooled. */
const BYTES_PER_VALUE = 8 + 3 * 4;

/** What the search in a spectrum of so many numbers takes. */
export function searchBytes(spectrumValues: number): number {
  return BYTES_PER_VALUE * spectrumValues + BESIDES;
}

/**
 * A plane of whatever values in memory where kernels can search it for a mark; an ordinary one where there are no kernels. `spectrumValues`: most numbers that its power
 * spectrum has.
 */
export function searchPlane(width: number, height: number, spectrumValues: number): Plane {
  const memory = takeKernelMemory(4 * (width * height + ROOM) + searchBytes(spectrumValues));
  if (memory === undefined) return emptyPlane(width, height);
  return { values: memory.floats(memory.reserve(4 * (width * height + ROOM)), width * height), width, height };
}
