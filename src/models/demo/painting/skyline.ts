import { blend, type Color, toHex, tone } from './color.ts';
import { type Chance, hashAt } from './random.ts';
import type { Stamp } from './stamps.ts';
import { over, type Surface, span } from './surface.ts';

export interface SkylineOptions {
  /** Where the houses stand, in pixels. */
  readonly street: number;
  /** Height of a usual house in pixels; towers reach about three times that. */
  readonly story: number;
  readonly tint: Color;
  readonly haze: Color;
  readonly light: Color;
  /** Share of lit windows, 0–1; 0 draws none. */
  readonly lit: number;
  readonly chance: Chance;
}

/** Height of a floor in widths of a window's cell. */
const FLOOR = 1.25;

type Roof = 'flat' | 'steps' | 'mast' | 'slope';

/** One row of buildings from edge to edge, taller toward one or two centers. */
export function skyline({ width }: Surface, { street, story, tint, haze, light, lit, chance }: SkylineOptions): Stamp[] {
  const stamps: Stamp[] = [];
  const centers = [chance.between(0.2, 0.45), chance.between(0.55, 0.8)].map((share) => share * width);
  for (let x = -story * 0.4; x < width; ) {
    const wide = story * chance.between(0.34, 0.85);
    const closest = Math.min(...centers.map((center) => Math.abs(center - x) / (story * 2.2)));
    const tall = story * (chance.between(0.45, 1.05) + chance.between(0.3, 1.9) * Math.exp(-closest * closest));
    const slim = tall > story * 1.6 ? wide * 0.72 : wide;
    const roof = chance.pick<Roof>(
      tall > story * 1.5 ? ['steps', 'mast', 'flat', 'steps', 'mast', 'slope'] : ['flat', 'flat', 'flat', 'steps', 'flat', 'slope'],
    );
    stamps.push(
      building({
        left: x,
        right: x + slim,
        top: street - tall,
        street,
        roof,
        face: tone(tint, chance.between(0.9, 1.08)),
        haze,
        light,
        lit: lit * chance.between(0.35, 1.2),
        cell: Math.max(2.6, story * chance.between(0.052, 0.075)),
        seed: Math.floor(chance.between(0, 2 ** 31)),
      }),
    );
    x += slim * chance.between(0.82, 1.12);
  }
  return stamps;
}

interface Building {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly street: number;
  readonly roof: Roof;
  readonly face: Color;
  readonly haze: Color;
  readonly light: Color;
  readonly lit: number;
  readonly cell: number;
  readonly seed: number;
}

function building(house: Building): Stamp {
  const { left, right, top, street, roof, face, haze } = house;
  const wide = right - left;
  const extra = roof === 'mast' ? wide * 0.9 : roof === 'flat' ? 0 : wide * 0.55;
  const middle = (left + right) / 2;
  return {
    top: Math.floor(top - extra),
    bottom: Math.ceil(street),
    paint(row, y) {
      if (y < top) {
        const up = (top - y) / Math.max(1, extra);
        const half = roofHalf(roof, up, wide);
        span(row, middle - half, middle + half, face);
        return;
      }
      // Streets lie in a haze of their own light.
      const fog = 0.42 * ((y - top) / (street - top)) ** 2;
      span(row, left, right, blend(face, haze, fog));
      const lit = blend(face, haze, Math.min(1, fog + 0.12));
      span(row, right - Math.max(1, wide * 0.16), right, lit, 0.6);
      paintWindows(row, y, house, 1 - fog * 0.8);
    },
    svg: () =>
      `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${wide.toFixed(1)}" height="${(street - top).toFixed(1)}" fill="${toHex(face)}"/>${windowPath(house)}`,
  };
}

function roofHalf(roof: Roof, up: number, wide: number): number {
  if (roof === 'steps') return (wide / 2) * (up < 0.4 ? 0.72 : up < 0.75 ? 0.46 : 0.08);
  if (roof === 'mast') return up < 0.12 ? wide * 0.32 : Math.max(0.5, wide * 0.025 * (1 - up));
  return (wide / 2) * (1 - up);
}

/** How brightly one window is lit, 0.55–1 in warmth; 0 when it is dark. */
function windowLight(column: number, floor: number, { lit, seed }: Building): number {
  // Offices keep whole floors lit; homes one window here and there.
  const likely = lit * (hashAt(floor, 77, seed) < 0.16 ? 2.6 : 0.8);
  return hashAt(column, floor, seed) > likely ? 0 : 0.55 + 0.45 * hashAt(column, floor, seed + 1);
}

function paintWindows(row: Float32Array, y: number, house: Building, strength: number): void {
  const { left, right, top, street, light, lit, cell } = house;
  const floor = Math.floor((y - top) / (cell * FLOOR));
  const within = (y - top) / (cell * FLOOR) - floor;
  if (lit <= 0 || floor < 1 || within < 0.3 || within > 0.78 || y > street - cell) return;
  const last = Math.min(row.length / 4 - 1, Math.floor(right - cell * 0.5));
  for (let x = Math.max(0, Math.ceil(left + cell * 0.5)); x <= last; x++) {
    const column = Math.floor((x - left) / cell);
    const inside = (x - left) / cell - column;
    if (inside < 0.26 || inside > 0.76) continue;
    const warm = windowLight(column, floor, house);
    if (warm > 0) over(row, x, light[0], light[1] * (0.86 + 0.14 * warm), light[2] * warm, strength * (0.55 + 0.45 * warm));
  }
}

/** All lit windows of a house as one path. */
function windowPath(house: Building): string {
  const { left, right, top, street, light, cell } = house;
  let path = '';
  for (let floor = 1; top + (floor + 0.78) * cell * FLOOR < street - cell; floor++) {
    for (let column = 1; left + (column + 0.76) * cell < right - cell * 0.5; column++) {
      if (windowLight(column, floor, house) === 0) continue;
      const at = `${(left + (column + 0.26) * cell).toFixed(1)} ${(top + (floor + 0.3) * cell * FLOOR).toFixed(1)}`;
      path += `M${at}h${(cell * 0.5).toFixed(1)}v${(cell * FLOOR * 0.48).toFixed(1)}h${(-cell * 0.5).toFixed(1)}`;
    }
  }
  return path === '' ? '' : `<path d="${path}" fill="${toHex(light)}" opacity="0.85"/>`;
}
