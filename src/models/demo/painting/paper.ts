import { type Color, mix, ramp, toHex } from './color.ts';
import { createNoise } from './noise.ts';
import type { Palette } from './palette.ts';
import { type Chance, hashAt } from './random.ts';
import { type Layer, over, type Surface, smoothstep } from './surface.ts';

/** Sheets of paper, cut in waves and stacked towards the viewer, each with its shadow on the one behind. */
export function paperWaves(surface: Surface, palette: Palette, chance: Chance): Layer[] {
  const sheets = 7;
  const colors = ramp([palette.sky[2], palette.haze, palette.glow, palette.accents[0], palette.sky[0], palette.near], sheets + 1);
  const angle = chance.between(-0.16, 0.16);
  return Array.from({ length: sheets }, (_, index) => {
    const tint: Color = [colors[index * 3 + 3] ?? 0, colors[index * 3 + 4] ?? 0, colors[index * 3 + 5] ?? 0];
    const base = 0.34 + (0.62 * (index + 0.15)) / sheets;
    return sheet(surface, {
      tint,
      seed: chance.seed + index * 31,
      base,
      sway: 0.1 + 0.035 * Math.sin(index * 1.9),
      angle: angle * (1 - index / sheets),
    });
  });
}

interface Sheet {
  readonly tint: Color;
  readonly seed: number;
  readonly base: number;
  readonly sway: number;
  readonly angle: number;
}

function sheet({ width, height, moment }: Surface, { tint, seed, base, sway, angle }: Sheet): Layer {
  const noise = createNoise(seed);
  const sail = Math.sin(moment * 2 * Math.PI + seed) * 0.03;
  const edge = Float32Array.from({ length: width }, (_, x) => {
    const along = (x - width / 2) / height + sail;
    return (base + along * angle + sway * 1.5 * noise.fractal(along * 1.15 + 50, 0.5, 2)) * height;
  });
  const soft = height * 0.03;
  const offset = Math.round(height * 0.008);
  const lightEdge = mix(tint, [1, 1, 1], 0.22);
  return {
    backdrop: false,
    paint(row, y) {
      for (let x = 0; x < width; x++) {
        const below = y - (edge[x] ?? 0);
        if (below < 0.5) {
          const from = y - (edge[Math.max(0, x - offset)] ?? 0);
          if (from > -soft * 3) over(row, x, 0.03, 0.02, 0.08, 0.42 * Math.exp(Math.min(0, from) / soft));
        }
        if (below < -0.5) continue;
        const fibre = (hashAt(x, y, seed) - 0.5) * 0.016;
        const rim = 1 - smoothstep(height * 0.0012, height * 0.0032, below);
        const fall = 0.05 * smoothstep(0, 0.25, below / height);
        over(
          row,
          x,
          tint[0] + (lightEdge[0] - tint[0]) * rim + fibre - fall,
          tint[1] + (lightEdge[1] - tint[1]) * rim + fibre - fall,
          tint[2] + (lightEdge[2] - tint[2]) * rim + fibre - fall,
          Math.min(1, below + 0.5),
        );
      }
    },
    svg: () => {
      const stride = Math.max(1, Math.round(width / 120));
      let path = `M0 ${height}`;
      for (let x = 0; x < width + stride; x += stride) path += `L${x} ${(edge[Math.min(x, width - 1)] ?? 0).toFixed(1)}`;
      return `<path d="${path}V${height}Z" fill="${toHex(tint)}"/>`;
    },
  };
}

/** Levels of a map, cut from paper: closed, flowing contours that step down into the picture. */
export function paperRelief(surface: Surface, palette: Palette, chance: Chance): Layer {
  const { width, height } = surface;
  const levels = 11;
  const colors = ramp([palette.near, palette.sky[0], palette.accents[0], palette.glow, palette.sky[3]], levels);
  const step = Math.max(1, height / 256);
  const columns = Math.ceil(width / step) + 3;
  const field = reliefField(surface, chance, step, columns);
  const at = (x: number, y: number) => {
    const [gx, gy] = [Math.max(0, x / step), Math.max(0, y / step)];
    const [i, j] = [Math.min(columns - 2, Math.floor(gx)), Math.floor(gy)];
    const [fx, fy] = [gx - i, gy - j];
    const upper = (field[j * columns + i] ?? 0) * (1 - fx) + (field[j * columns + i + 1] ?? 0) * fx;
    const lower = (field[(j + 1) * columns + i] ?? 0) * (1 - fx) + (field[(j + 1) * columns + i + 1] ?? 0) * fx;
    return (upper + (lower - upper) * fy) * levels;
  };
  const throwBy = height * 0.02;
  return {
    backdrop: false,
    paint(row, y) {
      for (let x = 0; x < width; x++) {
        const here = at(x, y);
        const level = Math.min(levels - 1, Math.max(0, Math.floor(here)));
        const slope = Math.hypot(at(x + 1, y) - here, at(x, y + 1) - here) + 1e-4;
        const inside = (here - level) / slope;
        const cut = level > 0 ? Math.min(1, inside + 0.5) : 1;
        let shadow = 0;
        for (let tap = 1; tap <= 4; tap++) {
          const upward = at(x - throwBy * 0.7 * (tap / 4), y - throwBy * (tap / 4));
          shadow += smoothstep(0, 0.16, upward - level - 1) * 0.125;
        }
        const rim = level > 0 ? 0.1 * (1 - smoothstep(1, 1 + height * 0.002, inside)) : 0;
        const fibre = (hashAt(x, y, chance.seed) - 0.5) * 0.016 + rim;
        const [upper, lower] = [level * 3, Math.max(0, level - 1) * 3];
        const channel = (offset: number) =>
          ((colors[lower + offset] ?? 0) * (1 - cut) + (colors[upper + offset] ?? 0) * cut) * (1 - shadow) + fibre;
        over(row, x, channel(0), channel(1), channel(2), 1);
      }
    },
    svg: () =>
      Array.from({ length: levels }, (_, level) => {
        const tint: Color = [colors[level * 3] ?? 0, colors[level * 3 + 1] ?? 0, colors[level * 3 + 2] ?? 0];
        const size = 1 - level / levels;
        return `<ellipse cx="${width * 0.5}" cy="${height * 0.5}" rx="${width * 0.72 * size}" ry="${height * 0.72 * size}" fill="${toHex(tint)}"/>`;
      }).join(''),
  };
}

function reliefField({ width, height, moment }: Surface, chance: Chance, step: number, columns: number): Float32Array {
  const noise = createNoise(chance.seed);
  const rows = Math.ceil(height / step) + 3;
  const field = new Float32Array(columns * rows);
  const [focusX, focusY] = [chance.between(0.3, 0.7) * (width / height), chance.between(0.3, 0.7)];
  const drift = Math.sin(moment * 2 * Math.PI) * 0.04;
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const [x, y] = [(i * step) / height, (j * step) / height];
      const warp = noise.at(x * 1.3 + 9, y * 1.3 + drift) * 0.55;
      const hollow = Math.hypot(x - focusX, y - focusY);
      field[j * columns + i] = 0.04 + hollow * 1.05 + 0.4 * noise.fractal(x * 1.25 + warp, y * 1.25 + warp * 0.7 + drift, 2);
    }
  }
  return field;
}
