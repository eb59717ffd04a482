import { Fft, fftLengthFrom } from '../signal/fft.ts';

export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/** Sums over all places of one grid times another that is shifted against it; shifts that are not possible are left out. */
export interface Correlation {
  readonly width: number;
  readonly height: number;
  /** Row by row; the shift of index 0 is 0, and negative ones are at the end. */
  readonly sums: Float64Array;
}

/** Correlates two pairs of grids of the same sizes, each pair by itself: the first as the real and the second as the imaginary part. */
export function correlate(a: readonly [Grid, Grid], b: readonly [Grid, Grid]): readonly [Correlation, Correlation] {
  const width = fftLengthFrom(a[0].width + b[0].width);
  const height = fftLengthFrom(a[0].height + b[0].height);
  const transform = new GridTransform(width, height);
  const spectra = [a[0], a[1], b[0], b[1]].map((grid) => transform.forward(grid));
  const one = (i: number) => ({ width, height, sums: transform.backwardProduct(spectra[i] ?? [], spectra[i + 2] ?? []) });
  return [one(0), one(1)];
}

type Spectrum = readonly Float64Array[];

class GridTransform {
  readonly #width: number;
  readonly #height: number;
  readonly #rows: Fft;
  readonly #columns: Fft;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#rows = new Fft(width);
    this.#columns = new Fft(height);
  }

  forward({ width, height, values }: Grid): Spectrum {
    const [re, im] = this.#empty();
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) re[y * this.#width + x] = values[y * width + x] ?? 0;
    this.#pass(re, im, 'forward');
    return [re, im];
  }

  /** The real part of the backward transform of one spectrum times the conjugate of the other. */
  backwardProduct([ar = EMPTY, ai = EMPTY]: Spectrum, [br = EMPTY, bi = EMPTY]: Spectrum): Float64Array {
    const [re, im] = this.#empty();
    const scale = 1 / re.length;
    for (let i = 0; i < re.length; i++) {
      const [x, y, u, v] = [ar[i] ?? 0, ai[i] ?? 0, br[i] ?? 0, bi[i] ?? 0];
      re[i] = (x * u + y * v) * scale;
      im[i] = (y * u - x * v) * scale;
    }
    this.#pass(re, im, 'backward');
    return re;
  }

  #empty(): readonly [Float64Array, Float64Array] {
    const count = this.#width * this.#height;
    return [new Float64Array(count), new Float64Array(count)];
  }

  #pass(re: Float64Array, im: Float64Array, way: 'forward' | 'backward'): void {
    for (let y = 0; y < this.#height; y++) run(this.#rows, way, re, im, y * this.#width, 1);
    for (let x = 0; x < this.#width; x++) run(this.#columns, way, re, im, x, this.#width);
  }
}

const EMPTY = new Float64Array();

function run(fft: Fft, way: 'forward' | 'backward', re: Float64Array, im: Float64Array, from: number, step: number): void {
  for (let i = 0, at = from; i < fft.length; i++, at += step) {
    fft.re[i] = re[at] ?? 0;
    fft.im[i] = im[at] ?? 0;
  }
  fft[way]();
  for (let i = 0, at = from; i < fft.length; i++, at += step) {
    re[at] = fft.re[i] ?? 0;
    im[at] = fft.im[i] ?? 0;
  }
}
