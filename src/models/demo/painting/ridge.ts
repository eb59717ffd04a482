import { type Color, mix, toHex } from './color.ts';
import { createNoise, type Noise } from './noise.ts';
import { type Layer, over, type Surface, smoothstep } from './surface.ts';

const CHANNELS = [0, 1, 2] as const;

export type Ground = 'rock' | 'hill' | 'dune';

export interface RidgeOptions {
  readonly ground: Ground;
  readonly seed: number;
  /** Height of the foot and of the peaks above it, in shares of the picture's height; y grows downwards. */
  readonly base: number;
  readonly relief: number;
  /** Peaks per picture height. */
  readonly frequency: number;
  readonly tint: Color;
  /** Toward the foot the ridge fades into this, by `mist` (0–1). */
  readonly haze: Color;
  readonly mist: number;
  /** Which side the light comes from: -1 left, 1 right; its color, and its strength 0–1. */
  readonly lightFrom: number;
  readonly light: Color;
  readonly lightStrength: number;
  /** Color of snow on the upper parts. */
  readonly snow?: Color;
  /** Nearer ridges hide everything below this line (y in pixels by column); updated with this ridge's crest. */
  readonly cover?: Float32Array;
}

/** A ridge, and how high it is (y in pixels) at each column, for what stands on it or hides behind it. */
export interface Ridge extends Layer {
  readonly crest: Float32Array;
}

/** A chain of mountains, hills or dunes across the whole width. */
export function ridge(surface: Surface, options: RidgeOptions): Ridge {
  const { width, height } = surface;
  const { tint, haze, ground, cover } = options;
  const crest = crestLine(surface, options);
  const hidden = cover ? Float32Array.from(cover) : new Float32Array(width).fill(height);
  cover?.forEach((y, x) => {
    cover[x] = Math.min(y, crest[x] ?? y);
  });
  const noise = createNoise(options.seed + 7);
  const facing = facetOf(ground, noise, slopeOf(crest, Math.max(1, Math.round(height / 150))), height);
  const stone = stoneOf(options, noise);
  const point = new Float64Array(3);
  const top = crest.reduce((least, y) => Math.min(least, y), height);
  const depth = Math.max(options.relief, 0.1) * height * 1.15;
  return {
    crest,
    backdrop: false,
    paint(row, y) {
      if (y < top - 1) return;
      for (let x = 0; x < width; x++) {
        const below = y - (crest[x] ?? 0);
        // One row to spare, for the soft edge of what hides it.
        if (below < -1 || y > (hidden[x] ?? 0) + 1) continue;
        const face = facing(x / height, below / height);
        stone(point, x / height, below / height, Math.min(1, Math.max(0, 0.5 + face * options.lightFrom)));
        const [red, green, blue] = [point[0] ?? 0, point[1] ?? 0, point[2] ?? 0];
        const fog = options.mist * smoothstep(0, depth, below);
        over(row, x, red + (haze[0] - red) * fog, green + (haze[1] - green) * fog, blue + (haze[2] - blue) * fog, Math.min(1, below + 0.5));
      }
    },
    svg: () => crestPath(surface, crest, mix(tint, haze, options.mist * 0.4)),
  };
}

type Stone = (point: Float64Array, x: number, below: number, lit: number) => void;

/** Puts the color of a point, by how much light it gets (0–1) and before any mist, into `point`: one array for millions of points. */
function stoneOf({ tint, light, lightStrength, snow, relief }: RidgeOptions, noise: Noise): Stone {
  const dark = mix(tint, [0.02, 0.02, 0.06], 0.28);
  const bare = (channel: 0 | 1 | 2, lit: number) =>
    dark[channel] + (tint[channel] - dark[channel]) * lit * 0.9 + (light[channel] - tint[channel]) * lightStrength * lit;
  return (point, x, below, lit) => {
    for (const channel of CHANNELS) point[channel] = bare(channel, lit);
    if (!snow) return;
    const cover = snowCover(noise, x, below, relief, lit);
    const bright = 0.66 + 0.34 * smoothstep(0.3, 0.62, lit);
    for (const channel of CHANNELS) {
      // Shaded snow is blue.
      const white = snow[channel] * (channel === 2 ? bright * 0.7 + 0.3 : bright);
      point[channel] = (point[channel] ?? 0) * (1 - cover) + white * cover;
    }
  };
}

function crestLine({ width, height }: Surface, { ground, seed, base, relief, frequency }: RidgeOptions): Float32Array {
  const noise = createNoise(seed);
  return Float32Array.from({ length: width }, (_, x) => {
    const along = ((x - width / 2) / height) * frequency + 31.7;
    if (ground === 'rock') {
      const massif = 0.62 + 0.6 * noise.at(along * 0.45, 9.1);
      return (base - relief * massif * Math.max(-0.2, noise.ridged(along, 3.3, 6))) * height;
    }
    if (ground === 'dune') {
      // A dune is gentle to windward and falls off sharply behind its crest.
      const wave = along + 0.35 * noise.at(along * 0.7, 5.5);
      const phase = wave - Math.floor(wave);
      const profile = phase < 0.68 ? smoothstep(0, 0.78, phase) * 1.06 : ((1 - phase) / 0.32) ** 1.35 * 1.0;
      return (
        (base -
          relief * (0.75 * profile * (0.75 + 0.5 * noise.at(Math.floor(wave) * 3.7, 1.5)) + 0.25 * noise.fractal(along * 0.6, 8.8, 2))) *
        height
      );
    }
    return (base - relief * (0.5 + 0.75 * noise.fractal(along * 0.8, 2.2, 3))) * height;
  });
}

function slopeOf(crest: Float32Array, reach: number): Float32Array {
  const last = crest.length - 1;
  return Float32Array.from(crest, (_, x) => {
    const [left, right] = [Math.max(0, x - reach), Math.min(last, x + reach)];
    return ((crest[right] ?? 0) - (crest[left] ?? 0)) / Math.max(1, right - left);
  });
}

/**
 * How a point of the slope faces, -0.5 (left) to 0.5 (right), by its position in picture heights. The crest's own slope
 * is carried down the face along wandering lines, which is what makes spurs and gullies run down from the peaks.
 */
function facetOf(ground: Ground, noise: Noise, slopes: Float32Array, height: number): (x: number, below: number) => number {
  const slopeAt = (x: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(x * height)))] ?? 0;
  if (ground === 'hill') {
    return (x, below) => 0.16 * noise.at(x * 3, below * 5) + 0.12 * noise.at(x * 60, below * 90) * Math.min(1, below * 30);
  }
  if (ground === 'dune') {
    return (x, below) => {
      const depth = Math.max(0, below);
      const bend = 0.55 * noise.at(x * 2, 4.2) + 0.35 * noise.at(x * 3 + 7, depth * 6) - 0.5;
      const ripple = 0.05 * Math.sin((depth * 210 + 5 * noise.at(x * 5, depth * 9)) * (1 + 0.2 * noise.at(x * 3, 1)));
      return Math.atan(slopeAt(x + depth * bend) * 2.4) * 0.34 + ripple * Math.min(1, depth * 12);
    };
  }
  return (x, below) => {
    // A rough relief of its own, seen in raking light; near the crest, the crest's own slope.
    const [u, v] = [x * 5.2 + below * 1.1, below * 7.5];
    const raking = Math.tanh((noise.ridged(u + 0.03, v, 2) - noise.ridged(u - 0.03, v, 2)) * 4.2);
    const own = Math.atan(slopeAt(x) * 1.4) * 0.3 * Math.exp(-Math.max(0, below) * 18);
    return raking * 0.3 + own + 0.09 * noise.at(x * 60, below * 80);
  };
}

/** Snow lies deep on the heights and thins out in tongues toward the foot. */
function snowCover(noise: Noise, x: number, below: number, relief: number, lit: number): number {
  const line = relief * (0.62 + 0.3 * noise.at(x * 7, 3) + 0.16 * noise.at(x * 26, below * 8));
  return 1 - smoothstep(line * 0.85, line * 1.25 + 0.004, below + (0.5 - lit) * relief * 0.3);
}

function crestPath({ width, height }: Surface, crest: Float32Array, tint: Color): string {
  const stride = Math.max(1, Math.round(width / 160));
  let path = `M0 ${height}`;
  for (let x = 0; x < width; x += stride) path += `L${x} ${(crest[x] ?? 0).toFixed(1)}`;
  return `<path d="${path}L${width} ${(crest[width - 1] ?? 0).toFixed(1)}V${height}Z" fill="${toHex(tint)}"/>`;
}
