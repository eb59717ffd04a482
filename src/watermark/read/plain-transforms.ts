import { Fft } from '../signal/fft.ts';
import { transformSquare } from '../signal/square-transform.ts';

/** Two pixels of the tile each: the peak is no sharper, since the waves end at 28 of 128. */
export const GRID = 64;
const FIELDS = 4;

interface Field {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** What kernels/four-transforms.ts does, in plain TypeScript. */
export class PlainTransforms {
  readonly #fft = new Fft(GRID);
  readonly #fields: readonly Field[] = Array.from({ length: FIELDS }, () => ({
    re: new Float64Array(GRID * GRID),
    im: new Float64Array(GRID * GRID),
  }));

  clear(): void {
    for (const { re, im } of this.#fields) {
      re.fill(0);
      im.fill(0);
    }
  }

  add(field: number, x: number, y: number, re: number, im: number): void {
    const to = this.#fields[field];
    if (to === undefined) throw new RangeError(`there is no field ${field}`);
    const at = y * GRID + x;
    to.re[at] = (to.re[at] ?? 0) + re;
    to.im[at] = (to.im[at] ?? 0) + im;
  }

  transformTo(out: readonly Field[]): void {
    for (const [i, field] of this.#fields.entries()) {
      transformSquare(this.#fft, field.re, field.im, 'forward');
      out[i]?.re.set(field.re);
      out[i]?.im.set(field.im);
    }
  }
}
