import { homeOf } from '../kernels/kernel-memory.ts';
import { kernelTools, type PlaceMap, type SpectrumTools } from '../kernels/spectrum-tools.ts';
import type { PowerSpectrum } from './power-spectrum.ts';
import { valueAt, worthAt } from './search-grid.ts';

/** `work` with tools for a spectrum: kernels where it lies in their memory, and what it reserves there is free again afterwards. */
export function withSpectrumTools<T>(spectrum: PowerSpectrum, work: (tools: SpectrumTools) => T): T {
  const memory = homeOf(spectrum.values);
  return memory === undefined ? work(plainTools(spectrum)) : memory.borrow(() => work(kernelTools(memory, spectrum)));
}

/** The tools in plain TypeScript. */
export function plainTools(spectrum: PowerSpectrum): SpectrumTools {
  return {
    numbers: (count) => new Float32Array(count),
    places: (pairs) => ({
      addTo(out, { xx, xy, yx, yy }) {
        for (const [i, [p, q]] of pairs.entries()) out[i] = (out[i] ?? 0) + valueAt(spectrum, xx * p + xy * q, yx * p + yy * q);
      },
      powerUnder: (xx, xy, yx, yy) => powerUnder(spectrum, pairs, { xx, xy, yx, yy }),
    }),
    shiftSums(grid, width, starts) {
      const out = new Float32Array(width * starts.length);
      for (const [y, row] of starts.entries()) {
        for (const start of row) addRun(out, y * width, grid.subarray(start, start + width));
      }
      return out;
    },
  };
}

function addRun(out: Float32Array, to: number, run: Float32Array): void {
  for (let i = 0; i < run.length; i++) out[to + i] = (out[to + i] ?? 0) + (run[i] ?? 0);
}

/** How far the power at places under a map stands above chance, in standard deviations, each place by its worth. */
function powerUnder(spectrum: PowerSpectrum, pairs: readonly (readonly [number, number])[], { xx, xy, yx, yy }: PlaceMap): number {
  let sum = 0;
  let squares = 0;
  for (const [p, q] of pairs) {
    const fx = xx * p + xy * q;
    const fy = yx * p + yy * q;
    if (Math.abs(fx) >= 0.5 || Math.abs(fy) >= 0.5) continue;
    const worth = worthAt(Math.sqrt(fx * fx + fy * fy));
    sum += worth * (valueAt(spectrum, fx, fy) - 1);
    squares += worth * worth;
  }
  return squares === 0 ? 0 : sum / Math.sqrt(squares);
}
