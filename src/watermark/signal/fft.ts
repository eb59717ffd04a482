/** Lengths that `Fft` takes: a power of two, or three or five times one. */
export function isFftLength(length: number): boolean {
  const odd = length / (length & -length);
  return Number.isInteger(length) && length > 0 && (odd === 1 || odd === 3 || odd === 5);
}

/** The least length that `Fft` takes and that is at least `least`. */
export function fftLengthFrom(least: number): number {
  let power = 1;
  while (power < least) power *= 2;
  for (const candidate of [(power / 8) * 5, (power / 4) * 3]) if (candidate >= least && isFftLength(candidate)) return candidate;
  return power;
}

/**
 * Discrete Fourier transform of one length, Stockham's self-sorting form with radix-4 passes (and at most one of radix 2, 3 or 5).
 * Works on `re` and `im` in place; not scaled. One instance keeps tables and work space and is used again and again.
 */
export class Fft {
  readonly length: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #workRe: Float64Array;
  readonly #workIm: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @throws RangeError when the length is not one that `isFftLength` */
  constructor(length: number) {
    if (!isFftLength(length)) throw new RangeError(`no transform of length ${length}`);
    this.length = length;
    this.re = new Float64Array(length);
    this.im = new Float64Array(length);
    this.#workRe = new Float64Array(length);
    this.#workIm = new Float64Array(length);
    this.#cos = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
    this.#sin = Float64Array.from({ length }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
  }

  /** From `re`, `im` to `re`, `im`, with e^(−2πi…). */
  forward(): void {
    let [re, im, outRe, outIm] = [this.re, this.im, this.#workRe, this.#workIm];
    let rest = this.length;
    let stride = 1;
    while (rest > 1) {
      const radix = rest % 4 === 0 ? 4 : rest % 2 === 0 ? 2 : rest;
      if (radix === 4) this.#pass4(rest, stride, re, im, outRe, outIm);
      else this.#passAny(radix, rest, stride, re, im, outRe, outIm);
      [re, im, outRe, outIm] = [outRe, outIm, re, im];
      rest /= radix;
      stride *= radix;
    }
    if (re !== this.re) {
      this.re.set(re);
      this.im.set(im);
    }
  }

  /** The same with e^(+2πi…), not scaled either. */
  backward(): void {
    reverseTail(this.re);
    reverseTail(this.im);
    this.forward();
  }

  #pass4(n: number, s: number, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
    const quarter = (n / 4) * s;
    for (let p = 0; p < n / 4; p++) {
      const c1 = this.#cos[p * s] ?? 0;
      const s1 = this.#sin[p * s] ?? 0;
      const c2 = c1 * c1 - s1 * s1;
      const s2 = 2 * c1 * s1;
      const c3 = c1 * c2 - s1 * s2;
      const s3 = c1 * s2 + s1 * c2;
      for (let from = p * s, to = 4 * p * s; from < (p + 1) * s; from++, to++) {
        const ar = xr[from] ?? 0;
        const ai = xi[from] ?? 0;
        const br = xr[from + quarter] ?? 0;
        const bi = xi[from + quarter] ?? 0;
        const cr = xr[from + 2 * quarter] ?? 0;
        const ci = xi[from + 2 * quarter] ?? 0;
        const dr = xr[from + 3 * quarter] ?? 0;
        const di = xi[from + 3 * quarter] ?? 0;
        const sumAcR = ar + cr;
        const sumAcI = ai + ci;
        const sumBdR = br + dr;
        const sumBdI = bi + di;
        yr[to] = sumAcR + sumBdR;
        yi[to] = sumAcI + sumBdI;
        const oneR = ar - cr + bi - di;
        const oneI = ai - ci - br + dr;
        yr[to + s] = c1 * oneR - s1 * oneI;
        yi[to + s] = c1 * oneI + s1 * oneR;
        const twoR = sumAcR - sumBdR;
        const twoI = sumAcI - sumBdI;
        yr[to + 2 * s] = c2 * twoR - s2 * twoI;
        yi[to + 2 * s] = c2 * twoI + s2 * twoR;
        const threeR = ar - cr - bi + di;
        const threeI = ai - ci + br - dr;
        yr[to + 3 * s] = c3 * threeR - s3 * threeI;
        yi[to + 3 * s] = c3 * threeI + s3 * threeR;
      }
    }
  }

  /** Any small radix, straight from the definition; there is at most one such pass. */
  #passAny(radix: number, n: number, s: number, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
    const part = n / radix;
    for (let p = 0; p < part; p++) {
      for (let j = 0; j < radix; j++) {
        const to = s * (radix * p + j);
        yr.fill(0, to, to + s);
        yi.fill(0, to, to + s);
        for (let m = 0; m < radix; m++) {
          const turn = (j * (p + m * part) * s) % this.length;
          addTurned([xr, xi], s * (p + m * part), [yr, yi], to, [this.#cos[turn] ?? 0, this.#sin[turn] ?? 0], s);
        }
      }
    }
  }
}

type Complex<T> = readonly [T, T];

/** Adds a run of complex numbers, each times a factor, to another run. */
function addTurned(
  [xr, xi]: Complex<Float64Array>,
  from: number,
  [yr, yi]: Complex<Float64Array>,
  to: number,
  [c, d]: Complex<number>,
  count: number,
): void {
  for (let q = 0; q < count; q++) {
    const [a, b] = [xr[from + q] ?? 0, xi[from + q] ?? 0];
    yr[to + q] = (yr[to + q] ?? 0) + c * a - d * b;
    yi[to + q] = (yi[to + q] ?? 0) + c * b + d * a;
  }
}

/** Index i becomes −i modulo the length, which turns a forward transform into a backward one. */
function reverseTail(values: Float64Array): void {
  for (let i = 1, j = values.length - 1; i < j; i++, j--) {
    const kept = values[i] ?? 0;
    values[i] = values[j] ?? 0;
    values[j] = kept;
  }
}
