import { type KernelMemory, ROOM } from './kernel-memory.ts';
import { type RealRows, transformReal } from './real-transform.ts';
import { eachWindowRow } from './window-field.ts';

interface Spectrum {
  readonly across: number;
  readonly down: number;
  readonly columns: number;
  readonly radius: 8;
  /** In multiples of the mean around it. */
  readonly most: number;
}

/** See `powerSpectrum` in read/power-spectrum.ts; the values lie in `memory`, with room behind them. */
export function whitenedSpectrum(memory: KernelMemory, rows: RealRows, { across, down, columns, radius, most }: Spectrum): Float32Array {
  const length = columns * down;
  const out = memory.reserve(4 * (length + ROOM));
  memory.borrow(() => {
    const values = memory.reserve(4 * (length + 4 * down + ROOM));
    const power = memory.kernel('power');
    transformReal(memory, rows, { across, down, columns }, (address, column) => power(values + 4 * column * down, address, down, 4 * down));
    const divide = memory.kernel(`whiten${radius}`);
    eachWindowRow(memory, { at: values, width: down, height: columns }, radius, (row) => {
      const at = 4 * row.y * down;
      divide(out + at, values + at, row.sums, row.across, down, row.down, most);
    });
  });
  return memory.floats(out, length);
}

/** See `maxPool` in read/max-pool.ts; the result lies in `memory`. */
export function pooledIn(memory: KernelMemory, values: Float32Array, width: number, height: number): Float32Array {
  const [maxRows, maxAlong] = [memory.kernel('maxRows'), memory.kernel('maxAlong')];
  const stride = 4 * width;
  const out = memory.reserve(4 * (values.length + ROOM));
  memory.borrow(() => {
    const row = memory.reserve(stride + 64);
    memory.floats(row, 4).fill(0);
    const from = values.byteOffset;
    for (let y = 0; y < height; y++) {
      maxRows(row + 4, from + Math.max(0, y - 1) * stride, from + y * stride, from + Math.min(height - 1, y + 1) * stride, width);
      maxAlong(out + y * stride, row, width);
    }
  });
  return memory.floats(out, values.length);
}
