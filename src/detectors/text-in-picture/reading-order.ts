import type { Place } from '../looking/pyramid.ts';

/** Line by line from above, in a line from the left. Two places are of one line where their middles are closer than half a line's height. */
export function inReadingOrder(places: readonly Place[]): Place[] {
  const lines: Place[][] = [];
  for (const place of places.toSorted((a, b) => a.centerY - b.centerY)) {
    const line = lines.at(-1);
    const first = line?.[0];
    if (line !== undefined && first !== undefined && place.centerY - first.centerY < Math.min(first.height, place.height) / 2)
      line.push(place);
    else lines.push([place]);
  }
  return lines.flatMap((line) => line.toSorted((a, b) => a.centerX - b.centerX));
}
