import { describe, expect, it } from 'vitest';
import { typologyAngle } from './bands.ts';

describe('the typology angle', () => {
  it.each([
    // CIELAB under D65 of these: 53.24 and 67.20; 97.14 and 94.48 (L* and b*).
    [[255, 0, 0], 2.76],
    [[255, 255, 0], 26.52],
  ] as const)('of the color %j follows from its place in CIELAB', (color, degrees) => {
    expect(typologyAngle(color)).toBeCloseTo(degrees, 1);
  });

  it('is unknown in a grey picture', () => {
    expect(typologyAngle([180, 180, 180])).toBeNull();
  });
});
