import fc from 'fast-check';
import type { Raster } from './raster.ts';

/** Neutral pictures with texture, edges and flat parts, made by numbers; `seed` varies them. */
export function texturedPicture(width: number, height: number, seed = 1): Raster {
  const data = new Uint8Array(width * height * 3);
  const value = noiseOf(seed);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const hills = 26 * value(x / 90, y / 90) + 18 * value(x / 23 + 40, y / 23) + 12 * value(x / 6, y / 6 + 70) + 7 * value(x / 2, y / 2);
      const disk = Math.hypot(x - 0.6 * width, y - 0.4 * height) < 0.2 * Math.min(width, height) ? 45 : 0;
      const sky = y < height / 5 ? 0.05 : 1;
      for (let color = 0; color < 3; color++)
        data[at + color] = Math.min(255, Math.max(0, 105 + sky * (hills + disk) + (20 * y) / height + 9 * color));
    }
  }
  return { data, width, height, channels: 3 };
}

export function flatPicture(width: number, height: number, level: number): Raster {
  return { data: new Uint8Array(width * height * 3).fill(level), width, height, channels: 3 };
}

/** Smooth noise in −1 … 1 over a grid of whole numbers. */
function noiseOf(seed: number): (x: number, y: number) => number {
  const corner = (x: number, y: number) => {
    let hash = Math.imul(x, 374_761_393) ^ Math.imul(y, 668_265_263) ^ Math.imul(seed, 2_147_483_629);
    hash = Math.imul(hash ^ (hash >>> 13), 1_274_126_177);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
  const ease = (t: number) => t * t * (3 - 2 * t);
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [a, b] = [ease(x - left), ease(y - top)];
    const upper = corner(left, top) * (1 - a) + corner(left + 1, top) * a;
    const lower = corner(left, top + 1) * (1 - a) + corner(left + 1, top + 1) * a;
    return upper * (1 - b) + lower * b;
  };
}

export const markKey = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((secret) => ({ epoch: 1, secret }));
export const payload = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex'));
