import type { Fft } from './fft.ts';

/** Columns of the transforms of real rows, each column as a run of memory. */
export interface Columns {
  readonly re: Float64Array | Float32Array;
  readonly im: Float64Array | Float32Array;
  /** Length of a column. */
  readonly down: number;
}

/**
 * Two real rows were transformed as the real and the imaginary part of one. Takes them apart and writes the first `count` frequencies of both to rows `y`
 * and `y` + 1.
 */
export function writeRealPair(fft: Fft, { re, im, down }: Columns, count: number, y: number): void {
  const { length } = fft;
  for (let column = 0, at = y; column < count; column++, at += down) {
    const mirror = column === 0 ? 0 : length - column;
    const ar = fft.re[column] ?? 0;
    const ai = fft.im[column] ?? 0;
    const br = fft.re[mirror] ?? 0;
    const bi = fft.im[mirror] ?? 0;
    re[at] = (ar + br) / 2;
    im[at] = (ai - bi) / 2;
    re[at + 1] = (ai + bi) / 2;
    im[at + 1] = (br - ar) / 2;
  }
}
