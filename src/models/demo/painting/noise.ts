import { chance } from './random.ts';

/** Perlin's gradient noise, roughly in [-1, 1], zero on average. */
export interface Noise {
  at(x: number, y: number): number;
  /** Fractal sum: each octave has twice the frequency and half the weight. */
  fractal(x: number, y: number, octaves: number): number;
  /** Sharp crests: 0 in valleys, 1 on ridges. */
  ridged(x: number, y: number, octaves: number): number;
}

/** Two grids of different phase hide the lattice: octaves are shifted by an irrational step. */
const OCTAVE_SHIFT = 17.137;

export function createNoise(seed: number): Noise {
  const table = permutation(seed);
  const corner = (hash: number, dx: number, dy: number) => {
    const along = hash & 1 ? dx : -dx;
    const across = hash & 2 ? dy : -dy;
    return hash & 4 ? along + across * 0.5 : across + along * 0.5;
  };
  const at = (x: number, y: number) => {
    const cellX = Math.floor(x);
    const cellY = Math.floor(y);
    const dx = x - cellX;
    const dy = y - cellY;
    const fadeX = dx * dx * dx * (dx * (dx * 6 - 15) + 10);
    const fadeY = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
    const left = table[cellX & 255] ?? 0;
    const right = table[(cellX + 1) & 255] ?? 0;
    const top = cellY & 255;
    const a = corner(table[left + top] ?? 0, dx, dy);
    const b = corner(table[right + top] ?? 0, dx - 1, dy);
    const c = corner(table[left + top + 1] ?? 0, dx, dy - 1);
    const d = corner(table[right + top + 1] ?? 0, dx - 1, dy - 1);
    const upper = a + (b - a) * fadeX;
    return upper + (c + (d - c) * fadeX - upper) * fadeY;
  };
  return {
    at,
    fractal(x, y, octaves) {
      let sum = 0;
      for (let octave = 0, scale = 1, weight = 0.5; octave < octaves; octave++, scale *= 2, weight /= 2) {
        sum += weight * at(x * scale + octave * OCTAVE_SHIFT, y * scale - octave * OCTAVE_SHIFT);
      }
      return sum * 1.6;
    },
    ridged(x, y, octaves) {
      let sum = 0;
      let total = 0;
      for (let octave = 0, scale = 1, weight = 1; octave < octaves; octave++, scale *= 2.1, weight *= 0.45) {
        const crest = 1 - Math.abs(at(x * scale + octave * OCTAVE_SHIFT, y * scale - octave * OCTAVE_SHIFT)) * 1.5;
        sum += weight * crest * Math.abs(crest);
        total += weight;
      }
      return sum / total;
    },
  };
}

function permutation(seed: number): Uint8Array {
  const random = chance(seed);
  const half = Uint8Array.from({ length: 256 }, (_, index) => index);
  for (let index = 255; index > 0; index--) {
    const other = Math.floor(random.between(0, index + 1));
    const kept = half[index] ?? 0;
    half[index] = half[other] ?? 0;
    half[other] = kept;
  }
  // Twice over and one more: `left + top + 1` reaches 511.
  const table = new Uint8Array(513);
  table.set(half);
  table.set(half, 256);
  table[512] = half[0] ?? 0;
  return table;
}
