import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { addRowsPlainly } from '../mark/add-residual.ts';
import { foldPicture, foldPlainly } from '../mark/fold-picture.ts';
import { amplitudeOf, plainTextureOf, textureOf } from '../mark/perceptual-mask.ts';
import { canonicalRows, plainRows } from '../mark/residual-rows.ts';
import type { Plane, Raster } from '../raster.ts';
import { flatten, flattenPlainly } from '../read/flatten.ts';
import { Folder } from '../read/fold.ts';
import { maxPool } from '../read/max-pool.ts';
import { GRID, PlainTransforms } from '../read/plain-transforms.ts';
import { mostSpectrumValues, plainPowerSpectrum, powerSpectrum } from '../read/power-spectrum.ts';
import { plainTools, withSpectrumTools } from '../read/spectrum-tools.ts';
import { Fft, isFftLength } from '../signal/fft.ts';
import { LUMA_WEIGHTS, writeLumaRow } from '../signal/luma-rows.ts';
import { fourTransforms } from './four-transforms.ts';
import { giveBack, homeOf, takeKernelMemory } from './kernel-memory.ts';
import { LaneTransform } from './lane-transform.ts';
import { addRowsToColors, eachLumaRow } from './marked-rows.ts';
import { searchPlane } from './search-plane.ts';
import { pooledIn } from './whitened-spectrum.ts';

/** What an earlier picture left behind: where a kernel reads what it did not write, this shows. */
function leaveRubbish(): void {
  const memory = memoryOf(24 * 2 ** 20);
  const all = memory.numbers(5 * 2 ** 20).fill(Number.NaN);
  giveBack(all);
}
beforeEach(leaveRubbish);

function memoryOf(bytes: number) {
  const memory = takeKernelMemory(bytes);
  if (memory === undefined) throw new Error('the tests of kernels need a machine with SIMD');
  return memory;
}

const size = { width: fc.integer({ min: 32, max: 90 }), height: fc.integer({ min: 32, max: 90 }), seed: fc.nat(1e6) };
const noise = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => ((Math.imul(i + seed, 2_654_435_761) >>> 8) % 25_600) / 100);
/** Noise on a slope, with an edge: what pictures are made of. */
function lumaOf({ width, height, seed }: { width: number; height: number; seed: number }): Plane {
  const values = noise(width * height, seed).map((value, i) => 0.2 * value + (i % width) + (i > (width * height) / 2 ? 60 : 0));
  return { values, width, height };
}
function rasterOf({ width, height, seed }: { width: number; height: number; seed: number }): Raster {
  return { data: Uint8Array.from(noise(3 * width * height, seed)), width, height, channels: 3 };
}
/** A plane in memory of the kernels, as `flatten` gives it. */
function placed({ width, height, seed }: { width: number; height: number; seed: number }): Plane {
  const plane = searchPlane(width, height, mostSpectrumValues({ width, height }));
  plane.values.set(noise(width * height, seed).map((value) => value / 64 - 2));
  return plane;
}
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0));
    if (!(difference <= tolerance)) throw new Error(`${actual[i]} instead of ${expected[i]} at ${i}`);
  }
}
const every = <T>(values: fc.Arbitrary<T>, check: (value: T) => void, numRuns = 30) =>
  fc.assert(
    fc.property(values, (value) => {
      leaveRubbish();
      check(value);
    }),
    { numRuns },
  );

describe('a kernel gives what plain TypeScript gives', () => {
  it('for luma, to 1e-4 of a grey level', () => {
    every(fc.record(size), (shape) => {
      const raster = rasterOf(shape);
      const row = new Float32Array(raster.width);
      const ran = eachLumaRow(raster, LUMA_WEIGHTS, (luma, y) => {
        writeLumaRow(raster, y, 0, row, 0);
        expectClose(luma, row, 1e-4);
      });
      expect(ran).toBe(true);
    });
  });

  it('for flattened pictures, to 1e-4 of the local contrast', () => {
    every(fc.record({ ...size, width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 70 }) }), (shape) => {
      const flat = flatten(lumaOf(shape));
      expect(homeOf(flat.values)).toBeDefined();
      expectClose(flat.values, flattenPlainly(lumaOf(shape)).values, 1e-4);
      giveBack(flat.values);
    });
  });

  it('for transforms of every length, to 1e-5 of the largest number', () => {
    const lengths = Array.from({ length: 640 }, (_, i) => i + 2).filter(isFftLength);
    every(
      fc.record({ length: fc.constantFrom(...lengths), lane: fc.nat(3), seed: fc.nat(1e6) }),
      ({ length, lane, seed }) => {
        const memory = memoryOf(200 * length + 4096);
        const transform = new LaneTransform(memory, length);
        const input = memory.numbers(8 * length);
        input.set(noise(8 * length, seed));
        const fft = new Fft(length);
        for (let i = 0; i < length; i++) [fft.re[i], fft.im[i]] = [input[8 * i + lane]!, input[8 * i + 4 + lane]!];
        fft.forward();
        const output = memory.floats(transform.forward(input.byteOffset), 8 * length);
        const part = (first: number) => Float64Array.from({ length }, (_, i) => output[8 * i + first + lane]!);
        expectClose(part(0), fft.re, 256 * length * 1e-5);
        expectClose(part(4), fft.im, 256 * length * 1e-5);
        giveBack(input);
      },
      80,
    );
  });

  it('for spectra and what is pooled of them, to 1e-3 of what is usual around a frequency', () => {
    every(fc.record({ shape: fc.record(size), most: fc.double({ min: 0.15, max: 0.49, noNaN: true }) }), ({ shape, most }) => {
      const plane = placed(shape);
      const spectrum = powerSpectrum(plane, most);
      const plain = plainPowerSpectrum(plane, most);
      const memory = homeOf(spectrum.values);
      expect(memory).toBeDefined();
      expectClose(spectrum.values, plain.values, 1e-3);
      const pooled = new Float32Array(plain.values.length);
      maxPool(plain.values, plain.down, plain.columns, new Float32Array(pooled.length), pooled);
      expectClose(pooledIn(memory!, spectrum.values, plain.down, plain.columns), pooled, 1e-3);
      giveBack(plane.values);
    });
  });

  it('for folds under any map, to 1e-6 of the sum of all pixels', () => {
    const folder = new Folder();
    const part = fc.double({ min: -2.5, max: 2.5, noNaN: true });
    every(fc.record({ shape: fc.record(size), map: fc.record({ xx: part, xy: part, yx: part, yy: part }) }), ({ shape, map }) => {
      const plane = placed(shape);
      const [waves, plain] = [folder.fold(plane, map), folder.foldPlainly(plane, map)];
      const tolerance = 2e-6 * plane.values.length;
      expectClose(waves.re, plain.re, tolerance);
      expectClose(waves.im, plain.im, tolerance);
      giveBack(plane.values);
    });
  });

  it('for power under a map and values under it, bit for bit but for the order of sums', () => {
    const part = fc.double({ min: -0.02, max: 0.02, noNaN: true });
    const pair = fc.tuple(fc.integer({ min: -28, max: 28 }), fc.integer({ min: 0, max: 28 }));
    const cases = { shape: fc.record(size), pairs: fc.array(pair, { minLength: 1, maxLength: 80 }) };
    every(fc.record({ ...cases, map: fc.record({ xx: part, xy: part, yx: part, yy: part }) }), ({ shape, pairs, map }) => {
      const plane = placed(shape);
      const spectrum = powerSpectrum(plane, 0.4);
      withSpectrumTools(spectrum, (tools) => {
        const [fast, plain] = [tools, plainTools(spectrum)].map((either) => {
          const out = either.numbers(pairs.length);
          const places = either.places(pairs);
          places.addTo(out, map);
          places.addTo(out, { ...map, xx: -map.xx });
          return { out, power: places.powerUnder(map.xx, map.xy, map.yx, map.yy) };
        });
        expectClose(fast!.out, plain!.out, 0);
        expect(fast!.power).toBeCloseTo(plain!.power, 9);
      });
      giveBack(plane.values);
    });
  });

  it('for four two-dimensional transforms, to 1e-5 of the largest number', () => {
    every(
      fc.nat(1e6),
      (seed) => {
        const [fast, plain] = [fourTransforms(GRID)!, new PlainTransforms()].map((either) => {
          const out = Array.from({ length: 4 }, () => ({ re: new Float64Array(GRID * GRID), im: new Float64Array(GRID * GRID) }));
          for (const round of [0, 1]) {
            either.clear();
            for (const [i, value] of noise(400, seed + round).entries())
              either.add(i % 4, (i * 7) % GRID, (i * 3) % GRID, value, 100 - value);
            either.transformTo(out);
          }
          return out;
        });
        for (const [i, { re, im }] of plain!.entries()) {
          expectClose(fast![i]!.re, re, 0.2);
          expectClose(fast![i]!.im, im, 0.2);
        }
      },
      10,
    );
  });

  it('for sums of shifted rows, those of no rows included', () => {
    const starts = fc.array(fc.array(fc.nat(100), { maxLength: 9 }), { minLength: 1, maxLength: 9 });
    every(fc.record({ starts, width: fc.integer({ min: 1, max: 70 }), seed: fc.nat(1e6) }), (one) => {
      const plane = placed({ width: 40, height: 40, seed: one.seed });
      withSpectrumTools(powerSpectrum(plane, 0.4), (tools) => {
        const grid = tools.numbers(200);
        grid.set(noise(200, one.seed));
        expectClose(
          tools.shiftSums(grid, one.width, one.starts),
          plainTools(powerSpectrum(plane, 0.4)).shiftSums(grid, one.width, one.starts),
          1e-3,
        );
      });
      giveBack(plane.values);
    });
  });

  it('for texture and variance, to 2e-3 of a grey level', () => {
    every(fc.record({ ...size, width: fc.integer({ min: 8, max: 70 }), height: fc.integer({ min: 8, max: 70 }) }), (shape) => {
      const [texture, plain] = [textureOf(lumaOf(shape)), plainTextureOf(lumaOf(shape))];
      expect(homeOf(texture.values)).toBeDefined();
      expect([texture.width, texture.height]).toEqual([plain.width, plain.height]);
      expectClose(texture.values, plain.values, 2e-3);
      // Variances go up to 10,000.
      expectClose(texture.variance, plain.variance, 2e-2);
      giveBack(texture.values);
    });
  });

  it('for a picture folded at half size, to 1e-4 of the largest sum', () => {
    every(fc.record({ ...size, width: fc.integer({ min: 64, max: 200 }) }), (shape) => {
      const [luma, texture] = [lumaOf(shape), textureOf(lumaOf(shape))];
      expectClose(foldPicture(luma, texture.variance), foldPlainly(luma, texture.variance), 2e-3);
      giveBack(texture.values);
    });
  });

  it('for what is added to pixels: never another whole level, but for one place in 10,000 by one', () => {
    const tile = noise(128 * 128, 5).map((value) => value / 64 - 2);
    let [differing, all] = [0, 0];
    every(fc.record(size), (shape) => {
      const texture = textureOf(lumaOf(shape));
      const amplitude = amplitudeOf(texture, { slope: 1.3, bend: 12 });
      const copy = { ...amplitude, values: Float32Array.from(amplitude.values) };
      expect(homeOf(amplitude.values)).toBeDefined();
      const [fast, plain] = [rasterOf(shape), rasterOf(shape)];
      const squares = addRowsToColors(fast, canonicalRows(tile, amplitude)) ?? 0;
      const plainSquares = addRowsPlainly(plain, plainRows(tile, copy));
      let changed = 0;
      for (const [i, value] of plain.data.entries()) {
        if (fast.data[i] !== value) changed++;
        expect(Math.abs(fast.data[i]! - value)).toBeLessThanOrEqual(1);
      }
      if (changed === 0) expect(squares).toBe(plainSquares);
      [differing, all] = [differing + changed, all + plain.data.length];
      giveBack(texture.values);
    });
    expect(differing).toBeLessThanOrEqual(all / 10_000);
  });
});

describe('the memory of the kernels', () => {
  it('is never lent to two pictures at once', () => {
    const [first, second] = [flatten(lumaOf({ width: 40, height: 40, seed: 1 })), flatten(lumaOf({ width: 40, height: 40, seed: 2 }))];
    expect(homeOf(first.values)).not.toBe(homeOf(second.values));
    expectClose(first.values, flattenPlainly(lumaOf({ width: 40, height: 40, seed: 1 })).values, 1e-4);
    giveBack(first.values);
    expect(() => giveBack(first.values)).toThrow('twice');
  });

  it('that has no room for another spectrum leaves the work to plain TypeScript', () => {
    const plane = placed({ width: 64, height: 64, seed: 3 });
    const spectra = Array.from({ length: 2000 }, () => powerSpectrum(plane, 0.4));
    expect(homeOf(spectra[0]!.values)).toBeDefined();
    expect(homeOf(spectra.at(-1)!.values)).toBeUndefined();
    expectClose(spectra.at(-1)!.values, spectra[0]!.values, 1e-3);
  });

  it('lets no kernel go by a name that there is not', () => {
    expect(() => memoryOf(65_536).kernel('no such kernel')).toThrow(RangeError);
  });
});
