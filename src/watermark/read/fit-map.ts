import { type Harmonic, TILE } from '../mark/layout.ts';
import type { LinearMap } from './linear-map.ts';
import type { PowerSpectrum } from './power-spectrum.ts';
import { valueAt } from './search-grid.ts';

const ROUNDS = 2;
/** Weight of where the search said that a wave is, beside where a peak was seen (whose weight is its power, 8 at most). */
const TRUST = 0.4;
const LEAST_POWER = 1.5;

/**
 * The linear map that fits best to the peaks near the sync waves: weighted least squares over peak positions between the frequencies of the
 * transform. Takes up what the searches do not have: small changes of aspect, shear and perspective.
 */
export function fitMap(spectrum: PowerSpectrum, sync: readonly Harmonic[], start: LinearMap): LinearMap {
  let map = start;
  for (let round = 0; round < ROUNDS; round++) map = fitOnce(spectrum, sync, map);
  return map;
}

/** Solves for the two rows of frequencies = Mᵀ · (u, v) / TILE. */
function fitOnce(spectrum: PowerSpectrum, sync: readonly Harmonic[], map: LinearMap): LinearMap {
  const sums = { uu: 0, uv: 0, vv: 0, ux: 0, vx: 0, uy: 0, vy: 0 };
  for (const { u, v } of sync) {
    const fx = (map.xx * u + map.yx * v) / TILE;
    const fy = (map.xy * u + map.yy * v) / TILE;
    add(sums, u, v, { fx, fy, weight: TRUST });
    if (Math.abs(fx) < 0.49 && Math.abs(fy) < 0.49) add(sums, u, v, peakNear(spectrum, fx, fy));
  }
  const { uu, uv, vv, ux, vx, uy, vy } = sums;
  const determinant = uu * vv - uv * uv;
  return {
    xx: (TILE * (vv * ux - uv * vx)) / determinant,
    yx: (TILE * (uu * vx - uv * ux)) / determinant,
    xy: (TILE * (vv * uy - uv * vy)) / determinant,
    yy: (TILE * (uu * vy - uv * uy)) / determinant,
  };
}

interface Peak {
  readonly fx: number;
  readonly fy: number;
  readonly weight: number;
}

function add(
  sums: { uu: number; uv: number; vv: number; ux: number; vx: number; uy: number; vy: number },
  u: number,
  v: number,
  { fx, fy, weight }: Peak,
): void {
  sums.uu += weight * u * u;
  sums.uv += weight * u * v;
  sums.vv += weight * v * v;
  sums.ux += weight * u * fx;
  sums.vx += weight * v * fx;
  sums.uy += weight * u * fy;
  sums.vy += weight * v * fy;
}

/** The strongest of 3 × 3 frequencies around a place, and the top of the parabola through it and its neighbors. */
function peakNear(spectrum: PowerSpectrum, fx: number, fy: number): Peak {
  const { across, down } = spectrum;
  const middleX = Math.round(fx * across);
  const middleY = Math.round(fy * down);
  let bestX = middleX;
  let bestY = middleY;
  let best = -1;
  const at = (x: number, y: number) => valueAt(spectrum, x / across, y / down);
  for (let y = middleY - 1; y <= middleY + 1; y++) {
    for (let x = middleX - 1; x <= middleX + 1; x++) {
      const value = at(x, y);
      if (value > best) {
        bestX = x;
        bestY = y;
        best = value;
      }
    }
  }
  if (best < LEAST_POWER) return { fx, fy, weight: 0 };
  return {
    fx: (bestX + top(at(bestX - 1, bestY), best, at(bestX + 1, bestY))) / across,
    fy: (bestY + top(at(bestX, bestY - 1), best, at(bestX, bestY + 1))) / down,
    weight: best - 1,
  };
}

/** Where the parabola through three amplitudes at −1, 0 and 1 is highest, at most half a step away. */
function top(before: number, here: number, after: number): number {
  const [a, b, c] = [Math.sqrt(before), Math.sqrt(here), Math.sqrt(after)];
  const bend = a - 2 * b + c;
  return bend >= 0 ? 0 : Math.min(0.5, Math.max(-0.5, (a - c) / (2 * bend)));
}
