import type { Place } from '../looking/pyramid.ts';

/** How likely each pixel belongs to text, 0 to 1, row by row. */
export interface TextMap {
  readonly width: number;
  readonly height: number;
  readonly chances: Float32Array;
}

/** Differentiable binarization (Liao et al. 2020) with the numbers of PaddleOCR: pixels from 0.3, regions from 0.6 on average, grown by 1.5. */
const PIXEL = 0.3;
const REGION = 0.6;
const GROWTH = 1.5;
const LEAST_SIDE_PX = 3;

type Spot = readonly [x: number, y: number];

/** Where lines of text stand, in pixels of the map, the largest first; the longer side is taken for the direction of reading. */
export function textPlaces(map: TextMap, most: number): Place[] {
  const places = regionsOf(map).flatMap(({ spots, chance }) => {
    if (chance < REGION) return [];
    const tight = smallestPlace(hullOf(spots));
    if (Math.min(tight.width, tight.height) < LEAST_SIDE_PX) return [];
    const growth = (tight.width * tight.height * GROWTH) / (tight.width + tight.height);
    return [{ ...tight, width: tight.width + growth, height: tight.height + growth }];
  });
  return places.sort((a, b) => b.width * b.height - a.width * a.height).slice(0, most);
}

interface Region {
  /** The leftmost and rightmost pixel of each row: what lies between changes no hull. */
  readonly spots: Spot[];
  readonly chance: number;
}

function regionsOf({ width, height, chances }: TextMap): Region[] {
  const seen = new Uint8Array(chances.length);
  const regions: Region[] = [];
  for (let start = 0; start < chances.length; start++) {
    if (seen[start] === 1 || (chances[start] ?? 0) < PIXEL) continue;
    const members = flood(start, { width, height, chances }, seen);
    const sum = members.reduce((total, at) => total + (chances[at] ?? 0), 0);
    regions.push({ spots: edgesOf(members, width), chance: sum / members.length });
  }
  return regions;
}

function flood(start: number, { width, height, chances }: TextMap, seen: Uint8Array): number[] {
  const members = [start];
  seen[start] = 1;
  for (let next = 0; next < members.length; next++) {
    const at = members[next] ?? 0;
    const [x, y] = [at % width, Math.floor(at / width)];
    for (const [nearX, nearY] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ] as const) {
      const near = nearY * width + nearX;
      if (nearX < 0 || nearY < 0 || nearX >= width || nearY >= height || seen[near] === 1 || (chances[near] ?? 0) < PIXEL) continue;
      seen[near] = 1;
      members.push(near);
    }
  }
  return members;
}

/** The corners of the first and last pixel of each row. */
function edgesOf(members: readonly number[], width: number): Spot[] {
  const rows = new Map<number, [number, number]>();
  for (const at of members) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const [left, right] = rows.get(y) ?? [x, x];
    rows.set(y, [Math.min(left, x), Math.max(right, x)]);
  }
  return [...rows].flatMap(([y, [left, right]]): Spot[] => [
    [left, y],
    [left, y + 1],
    [right + 1, y],
    [right + 1, y + 1],
  ]);
}

/** Andrew's monotone chain. */
function hullOf(spots: readonly Spot[]): Spot[] {
  const sorted = spots.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (points: readonly Spot[]) => {
    const chain: Spot[] = [];
    for (const point of points) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function turn(a: Spot | undefined, b: Spot | undefined, c: Spot): number {
  if (a === undefined || b === undefined) return 1;
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The rectangle of the smallest area around a convex outline: one of its sides lies on one of the outline's. */
function smallestPlace(hull: readonly Spot[]): Place {
  let best: Place = { centerX: 0, centerY: 0, width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY, angle: 0 };
  for (const [at, [x, y]] of hull.entries()) {
    const [nextX, nextY] = hull[(at + 1) % hull.length] ?? [x, y];
    const place = placeAlong(hull, Math.atan2(nextY - y, nextX - x));
    if (place.width * place.height < best.width * best.height) best = place;
  }
  return lyingDown(best);
}

function placeAlong(hull: readonly Spot[], angle: number): Place {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = hull.map(([x, y]) => x * cos + y * sin);
  const across = hull.map(([x, y]) => y * cos - x * sin);
  const [left, right, top, bottom] = [Math.min(...along), Math.max(...along), Math.min(...across), Math.max(...across)];
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  return { centerX: u * cos - v * sin, centerY: u * sin + v * cos, width: right - left, height: bottom - top, angle };
}

/** With its longer side as the width, and turned by at most a quarter to either side. */
function lyingDown(place: Place): Place {
  const turned =
    place.height > place.width ? { ...place, width: place.height, height: place.width, angle: place.angle + Math.PI / 2 } : place;
  const angle = turned.angle - Math.PI * Math.round(turned.angle / Math.PI);
  return { ...turned, angle };
}
