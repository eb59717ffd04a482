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
