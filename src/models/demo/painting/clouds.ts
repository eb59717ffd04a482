import { type Color, mix, toHex } from './color.ts';
import { createNoise } from './noise.ts';
import type { Palette } from './palette.ts';
import type { Orb } from './sky.ts';
import { type Layer, over, type Surface, smoothstep } from './surface.ts';

export interface CloudOptions {
  readonly palette: Palette;
  readonly orb: Orb;
  readonly seed: number;
  /** 0 clear – 1 overcast. */
  readonly cover: number;
  readonly horizon: number;
}

/** Clouds are soft: they are computed on a grid this many times coarser than 1024 pixels of height allow. */
const GRID_ROWS = 340;

/** A deck of clouds that recedes to the horizon, bright on the side of the orb. */
export function clouds(surface: Surface, { palette, orb, seed, cover, horizon }: CloudOptions): Layer {
  const { width, height } = surface;
  const step = Math.max(1, height / GRID_ROWS);
  const columns = Math.ceil(width / step) + 2;
  const rows = Math.ceil((height * horizon) / step) + 2;
  const { density, light } = cloudGrid({ surface, orb, seed, cover, horizon, step, columns, rows });
  const lit = mix(palette.sky[3], palette.orb, palette.night ? 0.25 : 0.8);
  const shade = mix(palette.sky[1], palette.sky[2], 0.45);
  return {
    backdrop: true,
    paint(row, y) {
      if (y >= height * horizon) return;
      const gy = Math.floor(y / step);
      const fy = y / step - gy;
      for (let x = 0; x < width; x++) {
        const gx = Math.floor(x / step);
        const fx = x / step - gx;
        const alpha = between(density, gy * columns + gx, columns, fx, fy);
        if (alpha < 0.004) continue;
        const bright = between(light, gy * columns + gx, columns, fx, fy);
        over(
          row,
          x,
          shade[0] + (lit[0] - shade[0]) * bright,
          shade[1] + (lit[1] - shade[1]) * bright,
          shade[2] + (lit[2] - shade[2]) * bright,
          alpha * (palette.night ? 0.5 : 0.9),
        );
      }
    },
    svg: () => cloudEllipses(surface, lit, density, columns, rows, step),
  };
}

function cloudGrid({
  surface: { width, height, moment },
  orb,
  seed,
  cover,
  horizon,
  step,
  columns,
  rows,
}: Omit<CloudOptions, 'palette'> & { surface: Surface; step: number; columns: number; rows: number }) {
  const noise = createNoise(seed);
  const density = new Float32Array(columns * rows);
  const light = new Float32Array(columns * rows);
  const drift = Math.sin(moment * 2 * Math.PI) * 0.05;
  const threshold = 0.34 - cover * 0.55;
  const at = (x: number, y: number) => {
    const warp = noise.at(x * 0.7 + 40, y * 0.7) * 0.5;
    return noise.fractal(x + warp + drift, y + warp * 0.6, 5);
  };
  for (let j = 0; j < rows; j++) {
    const height01 = Math.min(1, (j * step) / (height * horizon));
    const distance = 1 / (1.18 - height01);
    const fade = (1 - smoothstep(0.72, 1, height01)) * smoothstep(-0.25, 0.3, height01);
    for (let i = 0; i < columns; i++) {
      const across = (i * step - width / 2) / height;
      const value = at(across * 1.35 * distance ** 0.8, distance * 2.3);
      const body = smoothstep(threshold, threshold + 0.42, value);
      density[j * columns + i] = body * fade;
      if (body <= 0) continue;
      const [towardX, towardY] = [orb.x - (i * step) / width, orb.y - (j * step) / height];
      const length = Math.hypot(towardX, towardY) + 0.05;
      const ahead = at((across + (towardX / length) * 0.035) * 1.35 * distance ** 0.8, distance * 2.3 + (towardY / length) * 0.09);
      light[j * columns + i] = Math.min(1, Math.max(0, 0.62 + (value - ahead) * 2.6 - (body - 0.5) * 0.45 + 0.25 * Math.exp(-length * 4)));
    }
  }
  return { density, light };
}

function between(grid: Float32Array, at: number, columns: number, fx: number, fy: number): number {
  const upper = (grid[at] ?? 0) * (1 - fx) + (grid[at + 1] ?? 0) * fx;
  const lower = (grid[at + columns] ?? 0) * (1 - fx) + (grid[at + columns + 1] ?? 0) * fx;
  return upper + (lower - upper) * fy;
}

/** Every so often one flat ellipse where the deck is dense. */
function cloudEllipses({ height }: Surface, tint: Color, density: Float32Array, columns: number, rows: number, step: number): string {
  const stride = 12;
  let shapes = '';
  for (let j = 4; j < rows; j += stride) {
    for (let i = 4; i < columns; i += stride) {
      const here = density[j * columns + i] ?? 0;
      if (here < 0.2) continue;
      shapes += `<ellipse cx="${(i * step).toFixed(1)}" cy="${(j * step).toFixed(1)}" rx="${(height * 0.07 * here).toFixed(1)}" ry="${(height * 0.012 * here).toFixed(1)}"/>`;
    }
  }
  return `<g fill="${toHex(tint)}" opacity="0.35">${shapes}</g>`;
}
