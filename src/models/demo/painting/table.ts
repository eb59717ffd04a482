import { blend, type Color, mix, toHex } from './color.ts';
import { grids } from './grid.ts';
import { createNoise, type Noise } from './noise.ts';
import { type Layer, over, type Row, type Surface, smoothstep } from './surface.ts';

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

const GRID_ROWS = 320;

/** A plain wall with the light of a window on it, and a table with the shadows of what stands there. */
export function room(surface: Surface, options: RoomOptions): Layer {
  const { width, height } = surface;
  const { wall, wood, shadow, shades } = options;
  const noise = createNoise(options.seed);
  const edgeY = Math.round(options.edge * height);
  const paintWall = wallPainter(surface, options, noise);
  const paintTable = tablePainter(surface, options, noise);
  return {
    backdrop: true,
    paint: (row, y) => (y < edgeY ? paintWall(row, y) : paintTable(row, y)),
    svg: () =>
      `<rect width="${width}" height="${height}" fill="${toHex(wall)}"/>` +
      `<rect y="${edgeY}" width="${width}" height="${height - edgeY}" fill="${toHex(wood)}"/>` +
      shades.map(({ x, foot, radius }) => shadowEllipse(x + radius * 0.7, foot, radius, shadow)).join(''),
  };
}

function shadowEllipse(x: number, y: number, radius: number, tint: Color): string {
  return `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${(radius * 1.5).toFixed(1)}" ry="${(radius * 0.3).toFixed(1)}" fill="${toHex(tint)}" opacity="0.4"/>`;
}

function wallPainter({ width, height, moment }: Surface, { wall, window, shadow, edge }: RoomOptions, noise: Noise) {
  const aspect = width / height;
  const drift = Math.sin(moment * 2 * Math.PI) * 0.012;
  const grid = grids({ width, height: edge * height, step: Math.max(1, height / GRID_ROWS) }, ['panes', 'dusk', 'plaster'], (px, py) => {
    const [x, y] = [px / width, py / height];
    // Four panes, slanted as late light falls, softer the farther they are thrown.
    const slant = (x - 0.42) * aspect + drift + (y - 0.3) * 0.42;
    const soft = 0.028 + 0.03 * y;
    const pane = (at: number, from: number, to: number) =>
      smoothstep(from - soft, from + soft, at) * (1 - smoothstep(to - soft, to + soft, at));
    const panes = (pane(slant, -0.3, -0.035) + pane(slant, 0, 0.27)) * (pane(y, 0.06, 0.3) + pane(y, 0.325, 0.6));
    const near = Math.exp(-(((x - 0.3) * aspect) ** 2 + (y - 0.35) ** 2) * 2.2);
    return {
      panes: panes * (0.38 + 0.12 * noise.at(x * 3, y * 3)),
      dusk: Math.min(1, smoothstep(edge - 0.3, edge + 0.02, y) * 0.22 + 0.2 * (1 - near)),
      plaster: 0.018 * noise.fractal(x * aspect * 9, y * 9, 4) + 0.035 * near,
    };
  });
  const [panes, dusk, plaster] = [grid('panes'), grid('dusk'), grid('plaster')];
  return (row: Row, y: number) => {
    for (let x = 0; x < width; x++) {
      const dark = dusk.at(x, y);
      const light = panes.at(x, y);
      const rough = plaster.at(x, y);
      const rest = 1 - light;
      over(
        row,
        x,
        (wall[0] + (shadow[0] - wall[0]) * dark) * rest + window[0] * light + rough,
        (wall[1] + (shadow[1] - wall[1]) * dark) * rest + window[1] * light + rough,
        (wall[2] + (shadow[2] - wall[2]) * dark) * rest + window[2] * light + rough,
        1,
      );
    }
  };
}

function tablePainter({ width, height }: Surface, { wood, window, shadow, edge, shades }: RoomOptions, noise: Noise) {
  const top = edge * height;
  const grid = grids({ width, height: height - top, step: Math.max(1, height / GRID_ROWS) }, ['light'], (x, down) => {
    const near = down / (height - top);
    const pool = Math.exp(-(((x / width - 0.34) * 1.9) ** 2) - ((near - 0.32) * 1.5) ** 2);
    return { light: shaded(0.72 + 0.34 * pool - 0.1 * near, shades, x, top + down) };
  });
  const light = grid('light');
  const dark = blend([0, 0, 0], blend(wood, shadow, 0.8), 0.45);
  return (row: Row, y: number) => {
    const near = (y - top) / (height - top);
    const depth = 1 / (near + 0.55);
    const rim = Math.exp(-near * 60) * 0.25;
    for (let x = 0; x < width; x++) {
      const across = ((x - width / 2) / height) * depth;
      const grain = noise.at(across * 2.2, depth * 46) * 0.04 + noise.at(across * 5 + depth * 9, depth * 120) * 0.03;
      const lit = Math.max(0, light.at(x, y - top)) + grain;
      const base = lit < 0.7 ? blend(dark, wood, Math.max(0, lit) / 0.7) : blend(wood, window, (lit - 0.7) * 0.9);
      over(row, x, base[0] + rim * window[0], base[1] + rim * window[1], base[2] + rim * window[2], 1);
    }
  };
}

/** The light that is left where things stand in its way: a long soft shadow to the right, and a dark touch at the foot. */
function shaded(light: number, shades: readonly Shade[], x: number, y: number): number {
  let left = light;
  let contact = 0;
  for (const { x: cx, foot, radius, tall } of shades) {
    const dx = (x - cx) / radius;
    const dy = (y - foot) / radius;
    const reach = Math.min(2.6, tall / radius);
    const along = (dx - 0.2) / (0.75 + reach * 0.62);
    left -= 0.5 * Math.exp(-(((along - 0.55) * 1.55) ** 2) * 2 - ((dy + 0.1 - along * 0.12) / (0.2 + 0.1 * Math.max(0, along))) ** 2);
    contact = Math.max(contact, Math.exp(-((dx / 0.9) ** 2) * 1.4 - ((dy + 0.02) / 0.11) ** 2));
  }
  return Math.max(0, left) * (1 - 0.62 * contact);
}

/** Wood that goes with a palette: warm by nature, leaning to the palette's foreground. */
export function woodFor(near: Color): Color {
  return mix([0.6, 0.42, 0.29], near, 0.22);
}
