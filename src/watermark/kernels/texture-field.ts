import type { Plane } from '../raster.ts';
import { type KernelMemory, ROOM, takeKernelMemory } from './kernel-memory.ts';
import { PixelPairs } from './pixel-pairs.ts';
import { eachWindowRow, meanField } from './window-field.ts';

interface TextureLimits {
  readonly gain: number;
  readonly most: number;
  /** How far away the four places are of which the least counts. */
  readonly reach: 3;
}

interface HalfSize {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly variance: Float32Array;
}

/** Of half the size: texture, variance, amplitude, and as many again while they are made. */
const FIELDS = 7;
const BESIDES = 2 ** 20;

/** See `textureOf` in mark/perceptual-mask.ts; undefined where there are no kernels. What comes out lies in memory that is to be given back. */
export function textureField(luma: Plane, limits: TextureLimits): HalfSize | undefined {
  const [width, height] = [(luma.width + 1) >> 1, (luma.height + 1) >> 1];
  const bytes = 4 * (width * height + ROOM);
  const memory = takeKernelMemory(FIELDS * bytes + 64 * luma.width + BESIDES);
  if (memory === undefined) return undefined;
  const [values, variance] = [memory.reserve(bytes), memory.reserve(bytes)];
  const field = (at: number) => ({ at, width, height });
  memory.borrow(() => {
    const [mean, roots, squares] = [memory.reserve(bytes), memory.reserve(bytes), memory.reserve(bytes)];
    writeDetail(memory, luma, { mean, roots, squares });
    meanField(memory, field(squares), variance);
    const spread = mean;
    const spreadRow = memory.kernel('spread1');
    eachWindowRow(memory, field(roots), 1, ({ y, sums, across, down }) =>
      spreadRow(spread + 4 * y * width, sums, across, width, down, limits.gain, limits.most),
    );
    writeLeast(memory, field(spread), roots, limits.reach);
    meanField(memory, field(roots), values);
  });
  return { width, height, values: memory.floats(values, width * height), variance: memory.floats(variance, width * height) };
}

interface Detail {
  readonly mean: number;
  readonly roots: number;
  readonly squares: number;
}

/** See `halfSizeDetail` in mark/half-size-detail.ts. `roots` holds the picture at half its size in between. */
function writeDetail(memory: KernelMemory, luma: Plane, { mean, roots, squares }: Detail): void {
  const [width, height] = [(luma.width + 1) >> 1, (luma.height + 1) >> 1];
  const [halve, differ] = [memory.kernel('halve'), memory.kernel('differ')];
  memory.borrow(() => {
    const pairs = new PixelPairs(memory, luma);
    const { upper, lower } = pairs;
    for (let y = 0; y < height; y++) {
      pairs.place(y);
      halve(roots + 4 * y * width, upper, lower, width);
    }
    meanField(memory, { at: roots, width, height }, mean);
    for (let y = 0; y < height; y++) {
      pairs.place(y);
      const at = 4 * y * width;
      differ(roots + at, squares + at, upper, lower, mean + at, width);
    }
  });
}

/** The least of the four diagonal neighbors at `reach`; places outside the field are those of its border. */
function writeLeast(
  memory: KernelMemory,
  { at, width, height }: { readonly at: number; readonly width: number; readonly height: number },
  out: number,
  reach: number,
): void {
  const minRows = memory.kernel('minRows');
  memory.borrow(() => {
    const row = memory.reserve(4 * (width + 2 * reach + 2 * ROOM));
    const all = memory.floats(row, width + 2 * reach);
    for (let y = 0; y < height; y++) {
      const above = at + 4 * width * Math.max(0, y - reach);
      minRows(row + 4 * reach, above, at + 4 * width * Math.min(height - 1, y + reach), width);
      all.fill(all[reach] ?? 0, 0, reach);
      all.fill(all[width + reach - 1] ?? 0, width + reach);
      minRows(out + 4 * width * y, row, row + 8 * reach, width);
    }
  });
}
