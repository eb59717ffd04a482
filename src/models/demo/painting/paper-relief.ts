import { type Color, ramp, toHex } from './color.ts';
import { grids } from './grid.ts';
import { createNoise } from './noise.ts';
import type { Palette } from './palette.ts';
import { type Chance, hashAt } from './random.ts';
import { type Layer, over, type Surface, smoothstep } from './surface.ts';

const LEVELS = 11;
const GRID_ROWS = 256;
const SHADOW_TAPS = 4;

/** Levels of a map, cut from paper: closed, flowing contours that step down into the picture. */
export function paperRelief(surface: Surface, palette: Palette, chance: Chance): Layer {
  const { width, height } = surface;
  const colors = ramp([palette.near, palette.sky[0], palette.accents[0], palette.glow, palette.sky[3]], LEVELS);
  const relief = reliefOf(surface, chance);
  const at = (x: number, y: number) => relief[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))] ?? 0;
  const taps = Array.from({ length: SHADOW_TAPS }, (_, tap) => Math.round((height * 0.02 * (tap + 1)) / SHADOW_TAPS));
  const shadowAt = (x: number, y: number, level: number) => {
    let dark = 0;
    for (const reach of taps) dark += smoothstep(0, 0.16, at(x - Math.round(reach * 0.7), y - reach) - level - 1) * 0.125;
    return dark;
  };
  return {
    backdrop: false,
    paint(row, y) {
      for (let x = 0; x < width; x++) {
        const here = at(x, y);
        const level = Math.min(LEVELS - 1, Math.max(0, Math.floor(here)));
        const slope = Math.hypot(at(x + 1, y) - here, at(x, y + 1) - here) + 1e-4;
        const inside = (here - level) / slope;
        const cut = level > 0 ? Math.min(1, inside + 0.5) : 1;
        const rim = level > 0 ? 0.1 * (1 - smoothstep(1, 1 + height * 0.002, inside)) : 0;
        const light = 1 - shadowAt(x, y, level);
        const fibre = (hashAt(x, y, chance.seed) - 0.5) * 0.016 + rim;
        const upper = level * 3;
        const lower = Math.max(0, level - 1) * 3;
        const below = 1 - cut;
        over(
          row,
          x,
          ((colors[lower] ?? 0) * below + (colors[upper] ?? 0) * cut) * light + fibre,
          ((colors[lower + 1] ?? 0) * below + (colors[upper + 1] ?? 0) * cut) * light + fibre,
          ((colors[lower + 2] ?? 0) * below + (colors[upper + 2] ?? 0) * cut) * light + fibre,
          1,
        );
      }
    },
    svg: () => levelEllipses(surface, colors),
  };
}

/** Height in levels for each pixel. */
function reliefOf({ width, height, moment }: Surface, chance: Chance): Float32Array {
  const noise = createNoise(chance.seed);
  const [focusX, focusY] = [chance.between(0.3, 0.7) * (width / height), chance.between(0.3, 0.7)];
  const drift = Math.sin(moment * 2 * Math.PI) * 0.04;
  const coarse = grids({ width, height, step: Math.max(1, height / GRID_ROWS) }, ['level'], (px, py) => {
    const [x, y] = [px / height, py / height];
    const warp = noise.at(x * 1.3 + 9, y * 1.3 + drift) * 0.55;
    const hollow = Math.hypot(x - focusX, y - focusY);
    const level = 0.04 + hollow * 1.05 + 0.4 * noise.fractal(x * 1.25 + warp, y * 1.25 + warp * 0.7 + drift, 2);
    return { level: level * LEVELS };
  })('level');
  const relief = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) relief[y * width + x] = coarse.at(x, y);
  }
  return relief;
}

function levelEllipses({ width, height }: Surface, colors: Float32Array): string {
  return Array.from({ length: LEVELS }, (_, index) => {
    const level = (LEVELS - 1 - index) * 3;
    const tint: Color = [colors[level] ?? 0, colors[level + 1] ?? 0, colors[level + 2] ?? 0];
    const size = 1 - index / LEVELS;
    return `<ellipse cx="${width / 2}" cy="${height / 2}" rx="${(width * 0.75 * size).toFixed(1)}" ry="${(height * 0.75 * size).toFixed(1)}" fill="${toHex(tint)}"/>`;
  }).join('');
}
