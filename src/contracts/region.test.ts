import { describe, expect, it } from 'vitest';
import { isWithinRegion, mayBeIn, placeNamed, placesOf } from './region.ts';

describe('a region', () => {
  it.each([
    ['DE', 'DE'],
    ['US-CA', 'US-CA'],
    ['EU', 'EU'],
    ['XK', 'XK'],
    ['UK', 'GB'],
    ['UK-SCT', 'GB-SCT'],
    ['EL', 'GR'],
    ['ZZ', null],
    ['AN', null],
    ['SU', null],
    ['EU-DE', null],
    ['', null],
  ])('written as %j means %j', (written, meant) => {
    expect(placeNamed(written)).toBe(meant);
  });

  it('by a reserved name is what it stands for, also in rules that were written before it was refused', () => {
    expect([isWithinRegion('GB', 'UK'), isWithinRegion('GB-SCT', 'UK'), isWithinRegion('EL', 'EU'), mayBeIn('GB', 'UK')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(placesOf('GB-SCT')).toEqual(expect.arrayContaining(['GB-SCT', 'GB', 'UK']));
    expect([isWithinRegion('DE', 'UK'), isWithinRegion('UK', 'EU'), placesOf('DE').includes('UK')]).toEqual([false, false, false]);
  });
});
