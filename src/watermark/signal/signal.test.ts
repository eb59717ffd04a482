import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxMean } from './box-mean.ts';
import { canonicalLuma, canonicalSize } from './canonical-scale.ts';
import { Fft, fftLengthFrom, isFftLength } from './fft.ts';

const LENGTHS = [1, 2, 3, 4, 5, 6, 8, 12, 16, 20, 48, 64, 96, 160, 256];

describe('the Fourier transform', () => {
  it.each(LENGTHS)('agrees with the definition at length %d, and comes back', (length) => {
    const fft = new Fft(length);
    const re = Float64Array.from({ length }, (_, i) => Math.sin(3 * i * i + 1));
    const im = Float64Array.from({ length }, (_, i) => Math.cos(5 * i + 0.3));
    fft.re.set(re);
    fft.im.set(im);
    fft.forward();
    for (let k = 0; k < length; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let i = 0; i < length; i++) {
        const angle = (-2 * Math.PI * i * k) / length;
        sumRe += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
        sumIm += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
      }
      expect(fft.re[k]).toBeCloseTo(sumRe, 8);
      expect(fft.im[k]).toBeCloseTo(sumIm, 8);
    }
    fft.backward();
    for (let i = 0; i < length; i++) expect(fft.re[i]! / length).toBeCloseTo(re[i]!, 10);
  });

  it('takes the shortest length that is long enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 32, max: 5000 }), (least) => {
        const length = fftLengthFrom(least);
        expect(length).toBeGreaterThanOrEqual(least);
        expect(isFftLength(length)).toBe(true);
        for (let shorter = least; shorter < length; shorter++) expect(isFftLength(shorter)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a length with another odd part', () => {
    expect(() => new Fft(7)).toThrow(RangeError);
    expect(() => new Fft(0)).toThrow(RangeError);
  });
});

describe('the mean over a square', () => {
  it('agrees with the definition everywhere, borders and corners included', () => {
    const sizes = {
      width: fc.integer({ min: 1, max: 20 }),
      height: fc.integer({ min: 1, max: 20 }),
      radius: fc.integer({ min: 0, max: 12 }),
    };
    fc.assert(
      fc.property(fc.record(sizes), fc.infiniteStream(fc.integer({ min: -255, max: 255 })), ({ width, height, radius }, stream) => {
        const values = Float32Array.from({ length: width * height }, () => stream.next().value);
        const out = new Float32Array(values.length);
        boxMean(values, width, height, radius, out);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            let [sum, count] = [0, 0];
            for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++) {
              for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++)
                [sum, count] = [sum + values[j * width + i]!, count + 1];
            }
            expect(out[y * width + x]).toBeCloseTo(sum / count, 3);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the canonical size', () => {
  it('is the picture’s own up to 1.2 megapixels and one megapixel above', () => {
    expect(canonicalSize({ width: 1200, height: 1000 })).toEqual({ width: 1200, height: 1000 });
    expect(canonicalSize({ width: 4096, height: 4096 })).toEqual({ width: 1024, height: 1024 });
    expect(canonicalSize({ width: 12_000, height: 120 })).toEqual({ width: 10_240, height: 102 });
  });

  it('keeps the mean and the slope of a ramp when it shrinks', () => {
    const [width, height] = [1801, 1203];
    const data = new Uint8Array(width * height);
    for (let i = 0; i < data.length; i++) data[i] = Math.floor(((i % width) * 255) / width);
    const plane = canonicalLuma({ data, width, height, channels: 1 });
    const row = plane.values.subarray(500 * plane.width, 501 * plane.width);
    for (let x = 5; x < plane.width - 5; x++) expect(Math.abs(row[x]! - ((x + 0.5) * 255) / plane.width)).toBeLessThan(1.2);
  });
});
