import type { KernelMemory } from './kernel-memory.ts';

/** A spectrum: see `PowerSpectrum` in read/power-spectrum.ts. */
export interface SearchedSpectrum {
  readonly values: Float32Array;
  readonly columns: number;
  readonly across: number;
  readonly down: number;
}

/** (p, q) becomes the frequency (xx·p + xy·q, yx·p + yy·q). */
export interface PlaceMap {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

/** A set of places that is laid over a spectrum in many ways. */
export interface SpectrumPlaces {
  /** Adds the value at each place to the numbers of `out`. */
  addTo(out: Float32Array, map: PlaceMap): void;
  /** see `powerUnder` in read/spectrum-tools.ts; the numbers of a `PlaceMap`. */
  powerUnder(xx: number, xy: number, yx: number, yy: number): number;
}

/** What the searches do most, over one spectrum. */
export interface SpectrumTools {
  /** Zeros to work with. */
  numbers(count: number): Float32Array;
  places(pairs: readonly (readonly [p: number, q: number])[]): SpectrumPlaces;
  /** For each row of `starts` the sum of the runs of `width` numbers that start at these indices of `grid`, which is one of `numbers`. */
  shiftSums(grid: Float32Array, width: number, starts: readonly (readonly number[])[]): Float32Array;
}

/** The tools in WebAssembly; all that they give is good until the memory is lent to others. */
export function kernelTools(memory: KernelMemory, { values, columns, across, down }: SearchedSpectrum): SpectrumTools {
  const [addMapped, powerUnder] = [memory.kernel('addMapped'), memory.kernel('powerUnder')];
  const from = values.byteOffset;
  const numbers = (count: number) => memory.numbers(count).fill(0);
  return {
    numbers,
    places(pairs) {
      const places = memory.reserve(16 * pairs.length);
      memory.doubles(places, 2 * pairs.length).set(pairs.flat());
      return {
        addTo: (out, { xx, xy, yx, yy }) => {
          addMapped(out.byteOffset, places, pairs.length, from, columns, down, across, down, xx, xy, yx, yy);
        },
        powerUnder: (xx, xy, yx, yy) => powerUnder(places, pairs.length, from, columns, down, across, down, xx, xy, yx, yy),
      };
    },
    shiftSums(grid, width, starts) {
      const sumListed = memory.kernel('sumListed');
      const out = numbers(width * starts.length);
      const list = memory.reserve(4 * starts.reduce((most, { length }) => Math.max(most, length), 0));
      for (const [y, row] of starts.entries()) {
        if (row.length === 0) continue;
        memory.words(list, row.length).set(row.map((start) => grid.byteOffset + 4 * start));
        sumListed(out.byteOffset + 4 * y * width, list, row.length, width);
      }
      // What is written over the end of a row is written again by the next one, unless that has nothing to add.
      for (const [y, row] of starts.entries()) if (row.length === 0) out.fill(0, y * width, (y + 1) * width);
      return out;
    },
  };
}
