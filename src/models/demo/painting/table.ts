import { blend, type Color, mix, toHex } from './color.ts';
import { createNoise, type Noise } from './noise.ts';
import { type Layer, over, type Surface, smoothstep } from './surface.ts';

/** Something that stands on the table and keeps the light off it. Pixels. */
export interface Shade {
  readonly x: number;
  readonly foot: number;
  readonly radius: number;
  readonly tall: number;
}

export interface RoomOptions {
  readonly wall: Color;
  readonly wood: Color;
  readonly window: Color;
  readonly shadow: Color;
  /** Where the table begins, a share of the height. */
  readonly edge: number;
  readonly shades: readonly Shade[];
  readonly seed: number;
}

/** A plain wall with the light of a window on it, and a table with the shadows of what stands there. */
export function room(surface: Surface, options: RoomOptions): Layer {
  const { width, height } = surface;
  const { wall, wood, edge, shadow } = options;
  const noise = createNoise(options.seed);
  const edgeY = edge * height;
  return {
    backdrop: true,
    paint(row, y) {
      for (let x = 0; x < width; x++) {
        const point = y < edgeY ? wallAt(options, noise, x / width, y / height, width / height) : tableAt(options, noise, x, y, surface);
        over(row, x, point[0], point[1], point[2], 1);
      }
    },
    svg: () =>
      `<rect width="${width}" height="${height}" fill="${toHex(wall)}"/>` +
      `<rect y="${edgeY}" width="${width}" height="${height - edgeY}" fill="${toHex(wood)}"/>` +
      options.shades
        .map(
          ({ x, foot, radius }) =>
            `<ellipse cx="${x + radius * 0.7}" cy="${foot}" rx="${radius * 1.5}" ry="${radius * 0.3}" fill="${toHex(shadow)}" opacity="0.4"/>`,
        )
        .join(''),
  };
}

function wallAt({ wall, window, shadow, edge }: RoomOptions, noise: Noise, x: number, y: number, aspect: number): Color {
  const plaster = 0.018 * noise.fractal(x * aspect * 9, y * 9, 4);
  // Four panes, slanted as late light falls, softer the farther they are thrown.
  const slant = x * aspect - 0.42 * aspect + (y - 0.3) * 0.42;
  const soft = 0.028 + 0.03 * y;
  const pane = (at: number, from: number, to: number) =>
    smoothstep(from - soft, from + soft, at) * (1 - smoothstep(to - soft, to + soft, at));
  const across = pane(slant, -0.3, -0.035) + pane(slant, 0.0, 0.27);
  const lightPatch = across * (pane(y, 0.06, 0.3) + pane(y, 0.325, 0.6)) * (0.75 + 0.25 * noise.at(x * 3, y * 3));
  const falloff = 0.78 + 0.3 * Math.exp(-(((x - 0.3) * aspect) ** 2 + (y - 0.35) ** 2) * 2.2);
  const dusk = smoothstep(edge - 0.3, edge + 0.02, y) * 0.22;
  const base = blend(wall, shadow, Math.min(1, dusk + (1 - Math.min(1, falloff)) * 0.7));
  const lit = blend(base, window, 0.5 * lightPatch);
  return [lit[0] * falloff ** 0.3 + plaster, lit[1] * falloff ** 0.3 + plaster, lit[2] * falloff ** 0.3 + plaster];
}

function tableAt(options: RoomOptions, noise: Noise, x: number, y: number, { width, height }: Surface): Color {
  const { wood, window, shadow, edge, shades } = options;
  const near = (y - edge * height) / (height * (1 - edge));
  const depth = 1 / (near + 0.55);
  const across = ((x - width / 2) / height) * depth;
  const grain = noise.fractal(across * 2.2, depth * 46, 3) * 0.05 + noise.at(across * 7 + noise.at(across, depth * 5), depth * 120) * 0.02;
  const pool = Math.exp(-(((x / width - 0.34) * 1.9) ** 2) - ((near - 0.32) * 1.5) ** 2);
  const rim = Math.exp(-near * 60) * 0.25;
  let light = 0.72 + 0.34 * pool - 0.1 * near;
  let contact = 0;
  for (const { x: cx, foot, radius, tall } of shades) {
    const dx = (x - cx) / radius;
    const dy = (y - foot) / radius;
    const reach = Math.min(2.6, tall / radius);
    const along = (dx - 0.2) / (0.75 + reach * 0.62);
    const cast = Math.exp(-(((along - 0.55) * 1.55) ** 2) * 2 - ((dy + 0.1 - along * 0.12) / (0.2 + 0.1 * Math.max(0, along))) ** 2);
    light -= 0.5 * cast;
    contact = Math.max(contact, Math.exp(-((dx / 0.9) ** 2) * 1.4 - ((dy + 0.02) / 0.11) ** 2));
  }
  const lit = Math.max(0, light) * (1 - 0.62 * contact) + grain;
  const base = mixLight(wood, shadow, window, lit);
  return [base[0] + rim * window[0], base[1] + rim * window[1], base[2] + rim * window[2]];
}

function mixLight(wood: Color, shadow: Color, window: Color, lit: number): Color {
  const dark = blend(wood, shadow, 0.8);
  if (lit < 0.7) return blend([dark[0] * 0.45, dark[1] * 0.45, dark[2] * 0.45], wood, Math.max(0, lit) / 0.7);
  return blend(wood, window, (lit - 0.7) * 0.9);
}

/** Wood that goes with a palette: warm by nature, leaning to the palette's foreground. */
export function woodFor(near: Color): Color {
  return mix([0.6, 0.42, 0.29], near, 0.22);
}
