/** Lightness of skin by the individual typology angle, from light to dark: Chardon, Cretois and Hourseau 1991; Del Bino and Bernerd 2013. */
export const SKIN_BANDS = ['very light', 'light', 'intermediate', 'tan', 'brown', 'dark'] as const;

export type SkinBand = (typeof SKIN_BANDS)[number];

const LOWEST_DEGREES: readonly (readonly [number, SkinBand])[] = [
  [55, 'very light'],
  [41, 'light'],
  [28, 'intermediate'],
  [10, 'tan'],
  [-30, 'brown'],
];

export function skinBandOf(degrees: number): SkinBand {
  return LOWEST_DEGREES.find(([lowest]) => degrees > lowest)?.[1] ?? 'dark';
}

/** A picture with less yellow than this has no color to measure: it is grey, or lit in blue. CIELAB b*. */
const LEAST_YELLOW = 2;

/**
 * The individual typology angle, arctan((L* − 50) / b*) in degrees, of an sRGB color of 0 to 255 under D65. Null where there is no color.
 * Taken from a photograph it says how light the skin is *in the picture*, under its light and camera.
 */
export function typologyAngle([r, g, b]: readonly [number, number, number]): number | null {
  const [red, green, blue] = [linear(r), linear(g), linear(b)];
  const y = 0.2126729 * red + 0.7151522 * green + 0.072175 * blue;
  const z = (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883;
  const lightness = 116 * cubeRoot(y) - 16;
  const yellow = 200 * (cubeRoot(y) - cubeRoot(z));
  return yellow < LEAST_YELLOW ? null : (Math.atan((lightness - 50) / yellow) * 180) / Math.PI;
}

function linear(value: number): number {
  const share = Math.min(1, Math.max(0, value / 255));
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

const cubeRoot = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);

/** From children on; the bounds are the lowest year of each. */
const AGES: readonly (readonly [number, string])[] = [
  [75, '75 and over'],
  [60, '60 to 74'],
  [45, '45 to 59'],
  [30, '30 to 44'],
  [18, '18 to 29'],
  [0, 'under 18'],
];

export const AGE_BANDS: readonly string[] = AGES.map(([, band]) => band).toReversed();

export function ageBandOf(years: number): string {
  return AGES.find(([lowest]) => years >= lowest)?.[1] ?? 'under 18';
}
