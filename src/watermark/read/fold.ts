import { foldedWaves } from '../kernels/folded-waves.ts';
import { homeOf } from '../kernels/kernel-memory.ts';
import { GREATEST_RADIUS, TILE } from '../mark/layout.ts';
import type { Plane } from '../raster.ts';
import { Fft } from '../signal/fft.ts';
import { writeRealPair } from '../signal/real-rows.ts';
import type { LinearMap } from './linear-map.ts';

/** Cells a side that the tile is folded into: half a pixel each, which costs the highest wave 2 % of its amplitude. */
const CELLS = 256;
const CELL_SHIFT = 24;
const TWO_32 = 2 ** 32;
/** Waves from −28 to 28 across and down. */
export const WAVES = 2 * GREATEST_RADIUS + 1;

/** Strength of each wave (u, v), |u|, |v| ≤ 28, of the folded picture, at `(v + 28) * WAVES + u + 28`. */
export interface Waves {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Folds pictures onto the tile and gives the waves in the fold. Keeps work space; one call at a time. */
export class Folder {
  readonly #cells = new Float64Array(CELLS * CELLS);
  readonly #fft = new Fft(CELLS);
  readonly #re = new Float64Array(WAVES * CELLS);
  readonly #im = new Float64Array(WAVES * CELLS);

  /** All repetitions of the tile under `map` laid upon each other; linear in the pixels. */
  fold(plane: Plane, map: LinearMap): Waves {
    const memory = homeOf(plane.values);
    if (memory === undefined) return this.foldPlainly(plane, map);
    const out = { re: new Float64Array(WAVES * WAVES), im: new Float64Array(WAVES * WAVES) };
    const steps = { starts: rowStarts(map, plane.height), right: fraction(map.xx), rightDown: fraction(map.yx) };
    foldedWaves(memory, plane, { ...steps, cells: CELLS, radius: GREATEST_RADIUS }, (u, v, re, im) => putWave(out, u, v, re, im));
    return out;
  }

  /** The same where there are no kernels. */
  foldPlainly(plane: Plane, map: LinearMap): Waves {
    sumCells(plane, map, this.#cells);
    this.#transformRows();
    return this.#transformColumns();
  }

  /** Only the columns of used waves are kept. */
  #transformRows(): void {
    const fft = this.#fft;
    for (let y = 0; y < CELLS; y += 2) {
      fft.re.set(this.#cells.subarray(y * CELLS, (y + 1) * CELLS));
      fft.im.set(this.#cells.subarray((y + 1) * CELLS, (y + 2) * CELLS));
      fft.forward();
      writeRealPair(fft, { re: this.#re, im: this.#im, down: CELLS }, GREATEST_RADIUS + 1, y);
    }
  }

  #transformColumns(): Waves {
    const fft = this.#fft;
    const out = { re: new Float64Array(WAVES * WAVES), im: new Float64Array(WAVES * WAVES) };
    for (let u = 0; u <= GREATEST_RADIUS; u++) {
      fft.re.set(this.#re.subarray(u * CELLS, (u + 1) * CELLS));
      fft.im.set(this.#im.subarray(u * CELLS, (u + 1) * CELLS));
      fft.forward();
      for (let v = -GREATEST_RADIUS; v <= GREATEST_RADIUS; v++) {
        const from = (v + CELLS) % CELLS;
        putWave(out, u, v, fft.re[from] ?? 0, fft.im[from] ?? 0);
      }
    }
    return out;
  }
}

/** A real picture: the wave (−u, −v) is the conjugate of (u, v). */
function putWave(out: Waves, u: number, v: number, re: number, im: number): void {
  const at = (v + GREATEST_RADIUS) * WAVES + u + GREATEST_RADIUS;
  const opposite = (GREATEST_RADIUS - v) * WAVES + GREATEST_RADIUS - u;
  out.re[at] = re;
  out.im[at] = im;
  out.re[opposite] = re;
  out.im[opposite] = -im;
}

/** Where the first pixel of each row lies in the tile, across and down. */
function rowStarts({ xy, yy }: LinearMap, height: number): Int32Array {
  const starts = new Int32Array(2 * height);
  for (let y = 0; y < height; y++) {
    starts[2 * y] = fraction(xy * y);
    starts[2 * y + 1] = fraction(yy * y);
  }
  return starts;
}

/** Places in the tile are fractions of it in 32 bits, so that wrapping around costs nothing. */
function sumCells({ values, width, height }: Plane, map: LinearMap, cells: Float64Array): void {
  cells.fill(0);
  const right = fraction(map.xx);
  const rightDown = fraction(map.yx);
  for (let y = 0, at = 0; y < height; y++) {
    let u = fraction(map.xy * y);
    let v = fraction(map.yy * y);
    for (let x = 0; x < width; x++, at++) {
      const cell = ((v >>> CELL_SHIFT) << 8) | (u >>> CELL_SHIFT);
      cells[cell] = (cells[cell] ?? 0) + (values[at] ?? 0);
      u = (u + right) | 0;
      v = (v + rightDown) | 0;
    }
  }
}

/** Pixels of the tile to a fraction of its period, as a 32-bit integer. */
function fraction(pixels: number): number {
  const periods = pixels / TILE;
  return Math.round((periods - Math.floor(periods)) * TWO_32) | 0;
}
