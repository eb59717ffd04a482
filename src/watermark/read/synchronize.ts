import { fourTransforms } from '../kernels/four-transforms.ts';
import { GREATEST_RADIUS, type Harmonic, type Layout, TILE } from '../mark/layout.ts';
import { WAVES, type Waves } from './fold.ts';
import type { LinearMap } from './linear-map.ts';
import { ORIENTATIONS } from './orientation.ts';
import { GRID, PlainTransforms } from './plain-transforms.ts';

/** How the fold lies on the tile. */
export interface Synchronization {
  /** Height of the correlation peak in standard deviations under chance. */
  readonly z: number;
  /** One of `ORIENTATIONS`. */
  readonly orientation: LinearMap;
  /** The mark is there with its sign changed. */
  readonly inverted: boolean;
  /** Shift in pixels of the tile. */
  readonly dx: number;
  readonly dy: number;
}

/** So many peaks of the grid are refined; the true one is rarely not the highest. */
const REFINED = 3;
/** No wave counts for more than this many times the mean power, so that a texture with a period of its own cannot win alone. */
const MOST_POWER = 6;

/** Finds orientation, sign and shift by the keyed phases. Keeps work space; one call at a time. */
export class Synchronizer {
  readonly #fields = Array.from({ length: ORIENTATIONS.length / 2 }, () => ({
    re: new Float64Array(GRID * GRID),
    im: new Float64Array(GRID * GRID),
  }));
  readonly #transforms = fourTransforms(GRID) ?? new PlainTransforms();
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * The best of eight orientations, two signs and all shifts; z is 0 when there is nothing at all in the picture. `power`: `localPower` of the waves.
   */
  synchronize(waves: Waves, power: Float32Array): Synchronization {
    const views = ORIENTATIONS.map((orientation) => syncView(waves, power, this.#layout.sync, orientation));
    this.#correlate(views);
    const peaks = views.flatMap((view, i) => {
      const field = this.#fields[i >> 1];
      return field === undefined ? [] : extremes(i % 2 === 0 ? field.re : field.im, view);
    });
    peaks.sort((a, b) => b.z - a.z);
    const refined = peaks.slice(0, REFINED).map((peak) => refine(peak, this.#layout.sync));
    refined.sort((a, b) => b.z - a.z);
    const [{ z, view, inverted, dx, dy } = NO_PEAK] = refined;
    return { z, orientation: view.orientation, inverted, dx, dy };
  }

  /** Two correlations, which are real, as real and imaginary part of one field. */
  #correlate(views: readonly SyncView[]): void {
    this.#transforms.clear();
    for (const [i, { re, im }] of views.entries()) {
      for (let wave = 0; wave < this.#layout.sync.length; wave++) {
        const { u, v } = this.#layout.sync[wave] ?? NO_WAVE;
        const a = (re[wave] ?? 0) / 2;
        const b = (im[wave] ?? 0) / 2;
        this.#add(i, u, v, a, b);
        this.#add(i, -u, -v, a, -b);
      }
    }
    this.#transforms.transformTo(this.#fields);
  }

  #add(view: number, u: number, v: number, re: number, im: number): void {
    const [x, y] = [(u + GRID) % GRID, (v + GRID) % GRID];
    if (view % 2 === 0) this.#transforms.add(view >> 1, x, y, re, im);
    else this.#transforms.add(view >> 1, x, y, -im, re);
  }
}

/** The sync waves in one orientation, turned back by their keyed phases: all that is left of a mark is its shift. */
interface SyncView {
  readonly orientation: LinearMap;
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Standard deviation of the correlation under chance. */
  readonly deviation: number;
}

interface Peak {
  readonly z: number;
  readonly view: SyncView;
  readonly inverted: boolean;
  readonly dx: number;
  readonly dy: number;
}

const NO_VIEW: SyncView = {
  orientation: { xx: 1, xy: 0, yx: 0, yy: 1 },
  re: new Float64Array(0),
  im: new Float64Array(0),
  deviation: 1,
};
const NO_PEAK: Peak = { z: 0, view: NO_VIEW, inverted: false, dx: 0, dy: 0 };

/** Where the wave of a harmonic is in a fold of this orientation. */
export function placeOf({ u, v }: Harmonic, { xx, xy, yx, yy }: LinearMap): number {
  return (xy * u + yy * v + GREATEST_RADIUS) * WAVES + xx * u + yx * v + GREATEST_RADIUS;
}

function syncView(waves: Waves, chance: Float32Array, sync: readonly Harmonic[], orientation: LinearMap): SyncView {
  const re = new Float64Array(sync.length);
  const im = new Float64Array(sync.length);
  let power = 0;
  sync.forEach((wave, i) => {
    const at = placeOf(wave, orientation);
    // A matched filter in colored noise: divided by the power that chance has there.
    const weight = 1 / Math.max(chance[at] ?? 0, Number.MIN_VALUE);
    const a = (waves.re[at] ?? 0) * weight;
    const b = (waves.im[at] ?? 0) * weight;
    re[i] = a * wave.cos + b * wave.sin;
    im[i] = b * wave.cos - a * wave.sin;
    power += a * a + b * b;
  });
  const most = (MOST_POWER * power) / sync.length;
  let kept = 0;
  for (let i = 0; i < sync.length; i++) {
    const a = re[i] ?? 0;
    const b = im[i] ?? 0;
    const scale = Math.min(1, Math.sqrt(most / Math.max(a * a + b * b, Number.MIN_VALUE)));
    re[i] = a * scale;
    im[i] = b * scale;
    kept += (a * a + b * b) * scale * scale;
  }
  return { orientation, re, im, deviation: Math.sqrt(kept / 2) };
}

/** The highest and the lowest place of a correlation; none of a view without power. */
function extremes(correlation: Float64Array, view: SyncView): Peak[] {
  if (!(view.deviation > 0)) return [];
  let highest = 0;
  let lowest = 0;
  for (let i = 0; i < correlation.length; i++) {
    if ((correlation[i] ?? 0) > (correlation[highest] ?? 0)) highest = i;
    if ((correlation[i] ?? 0) < (correlation[lowest] ?? 0)) lowest = i;
  }
  const step = TILE / GRID;
  return [highest, lowest].map((at, i) => ({
    z: Math.abs(correlation[at] ?? 0) / view.deviation,
    view,
    inverted: i === 1,
    dx: (at % GRID) * step,
    dy: Math.floor(at / GRID) * step,
  }));
}

/** Climbs to the top between the places of the grid, to an eighth of a pixel. */
function refine(peak: Peak, sync: readonly Harmonic[]): Peak {
  let best = peak;
  for (let step = 1; step >= 0.125; step /= 2) {
    const middle = best;
    for (const [right, down] of AROUND) {
      const [dx, dy] = [middle.dx + step * right, middle.dy + step * down];
      const z = (heightAt(peak.view, sync, dx, dy) * (peak.inverted ? -1 : 1)) / peak.view.deviation;
      if (z > best.z) best = { ...peak, z, dx, dy };
    }
  }
  return best;
}

const AROUND = [-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => [right, down] as const)).filter(([a, b]) => a !== 0 || b !== 0);

/** The finest step of `refine` in the tile is a part of so many of a turn of its lowest wave. */
const TURNS = 8 * TILE;
const COSINES = Float64Array.from({ length: TURNS }, (_, i) => Math.cos((2 * Math.PI * i) / TURNS));

/** `dx` and `dy`: pixels of the tile, in whole eighths. */
function heightAt({ re, im }: SyncView, sync: readonly Harmonic[], dx: number, dy: number): number {
  let sum = 0;
  for (let i = 0; i < sync.length; i++) {
    const { u, v } = sync[i] ?? NO_WAVE;
    const turn = (u * dx + v * dy) * 8;
    sum += (re[i] ?? 0) * (COSINES[turn & (TURNS - 1)] ?? 0) + (im[i] ?? 0) * (COSINES[(turn - TURNS / 4) & (TURNS - 1)] ?? 0);
  }
  return sum;
}

const NO_WAVE = { u: 0, v: 0 };
