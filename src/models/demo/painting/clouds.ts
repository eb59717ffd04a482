import { mix } from './color.ts';
import { grids } from './grid.ts';
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
  /** Where the sky ends, a share of the height. */
  readonly horizon: number;
}

const GRID_ROWS = 230;

/** A deck of clouds that recedes to the horizon, bright on the side of the orb. */
export function clouds(surface: Surface, options: CloudOptions): Layer {
  const { width, height } = surface;
  const { palette, horizon } = options;
  const area = { width, height: height * horizon, step: Math.max(1, height / GRID_ROWS) };
  const grid = grids(area, ['density', 'light'], cloudAt(surface, options));
  const [density, light] = [grid('density'), grid('light')];
  const lit = mix(palette.sky[3], palette.orb, palette.night ? 0.25 : 0.8);
  const shade = mix(palette.sky[1], palette.sky[2], 0.45);
  const strength = palette.night ? 0.5 : 0.9;
  return {
    backdrop: true,
    paint(row, y) {
      if (y >= height * horizon) return;
      for (let x = 0; x < width; x++) {
        const alpha = density.at(x, y);
        if (alpha < 0.004) continue;
        const bright = light.at(x, y);
        over(
          row,
          x,
          shade[0] + (lit[0] - shade[0]) * bright,
          shade[1] + (lit[1] - shade[1]) * bright,
          shade[2] + (lit[2] - shade[2]) * bright,
          alpha * strength,
        );
      }
    },
    // Soft things have no outline; the flat picture does without them.
    svg: () => '',
  };
}

/** How thick and how bright the deck is at a point in pixels. */
function cloudAt({ width, height, moment }: Surface, { orb, seed, cover, horizon }: CloudOptions) {
  const noise = createNoise(seed);
  const drift = Math.sin(moment * 2 * Math.PI) * 0.05;
  const threshold = 0.34 - cover * 0.55;
  const thickness = (x: number, y: number) => {
    const warp = noise.at(x * 0.7 + 40, y * 0.7) * 0.5;
    return noise.fractal(x + warp + drift, y + warp * 0.6, 5);
  };
  return (x: number, y: number) => {
    const down = Math.min(1, y / (height * horizon));
    const distance = 1 / (1.18 - down);
    const scale = 1.35 * distance ** 0.8;
    const across = (x - width / 2) / height;
    const value = thickness(across * scale, distance * 2.3);
    const body = smoothstep(threshold, threshold + 0.42, value);
    if (body <= 0) return { density: 0, light: 0 };
    const [towardX, towardY] = [orb.x - x / width, orb.y - y / height];
    const length = Math.hypot(towardX, towardY) + 0.05;
    const ahead = thickness((across + (towardX / length) * 0.035) * scale, distance * 2.3 + (towardY / length) * 0.09);
    const light = 0.62 + (value - ahead) * 2.6 - (body - 0.5) * 0.45 + 0.25 * Math.exp(-length * 4);
    return { density: body * (1 - smoothstep(0.72, 1, down)) * smoothstep(-0.25, 0.3, down), light: Math.min(1, Math.max(0, light)) };
  };
}
