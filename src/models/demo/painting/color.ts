/** Red, green and blue as displayed (sRGB), each 0–1. */
export type Color = readonly [red: number, green: number, blue: number];

/** From `#rrggbb`. */
export function color(hex: `#${string}`): Color {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [(bits >> 16) / 255, ((bits >> 8) & 255) / 255, (bits & 255) / 255];
}

export function toHex([red, green, blue]: Color): string {
  const byte = (value: number) =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${byte(red)}${byte(green)}${byte(blue)}`;
}

/** The color between two, in Oklab, where the way from orange to blue does not lead through mud. `share` 0–1. */
export function mix(from: Color, to: Color, share: number): Color {
  const [l1, a1, b1] = toOklab(from);
  const [l2, a2, b2] = toOklab(to);
  return fromOklab([l1 + (l2 - l1) * share, a1 + (a2 - a1) * share, b1 + (b2 - b1) * share]);
}

/** The cheap mix, straight through sRGB: for near neighbors and inner loops. `share` 0–1. */
export function blend(from: Color, to: Color, share: number): Color {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, from[2] + (to[2] - from[2]) * share];
}

/** The same color with its lightness and colorfulness multiplied. */
export function tone(base: Color, lightness: number, chroma = 1): Color {
  const [l, a, b] = toOklab(base);
  return fromOklab([Math.min(1, l * lightness), a * chroma, b * chroma]);
}

/** Perceived lightness, 0–1. */
export function lightness(base: Color): number {
  return toOklab(base)[0];
}

/** A table of `size` colors along evenly spaced stops, three numbers each. */
export function ramp(stops: readonly Color[], size: number): Float32Array {
  const table = new Float32Array(size * 3);
  for (let index = 0; index < size; index++) {
    const position = (index / (size - 1)) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(position));
    table.set(mix(stops[below] ?? [0, 0, 0], stops[below + 1] ?? [0, 0, 0], position - below), index * 3);
  }
  return table;
}

// Oklab: Björn Ottosson, "A perceptual color space for image processing" (2020).
function toOklab([red, green, blue]: Color): Color {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness_, a, b]: Color): Color {
  const l = (lightness_ + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness_ - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness_ - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toDisplay(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toDisplay(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toDisplay(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function toDisplay(value: number): number {
  const bounded = Math.min(1, Math.max(0, value));
  return bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * bounded ** (1 / 2.4) - 0.055;
}
