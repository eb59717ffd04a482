import type { Fft } from './fft.ts';

type Numbers = Float64Array;

/** Transforms a square of complex numbers in place, rows and then columns; its side is the length of `fft`. Not scaled. */
export function transformSquare(fft: Fft, re: Numbers, im: Numbers, direction: 'forward' | 'backward'): void {
  const side = fft.length;
  for (let y = 0; y < side; y++) {
    // The transform of nothing is nothing, and most rows of a tile are empty.
    if (!isEmpty(re, im, y * side, side)) transformLine(fft, re, im, y * side, 1, direction);
  }
  for (let x = 0; x < side; x++) transformLine(fft, re, im, x, side, direction);
}

function isEmpty(re: Numbers, im: Numbers, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++) if (re[i] !== 0 || im[i] !== 0) return false;
  return true;
}

function transformLine(fft: Fft, re: Numbers, im: Numbers, start: number, step: number, direction: 'forward' | 'backward'): void {
  for (let i = 0; i < fft.length; i++) {
    fft.re[i] = re[start + i * step] ?? 0;
    fft.im[i] = im[start + i * step] ?? 0;
  }
  fft[direction]();
  for (let i = 0; i < fft.length; i++) {
    re[start + i * step] = fft.re[i] ?? 0;
    im[start + i * step] = fft.im[i] ?? 0;
  }
}
