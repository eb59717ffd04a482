import { type Color, color, mix, tone } from './color.ts';
import { SWATCHES, type Swatches } from './swatches.ts';

/** Everything that decides how a picture feels. */
export interface Palette {
  /** From the zenith to the horizon. */
  readonly sky: readonly [Color, Color, Color, Color];
  /** The disc of the sun or moon, and the light around it. */
  readonly orb: Color;
  readonly glow: Color;
  /** What far things fade into, and what near things are made of. */
  readonly haze: Color;
  readonly near: Color;
  readonly water: Color;
  /** For flowers, stripes, fruit. */
  readonly accents: readonly [Color, Color, Color];
  readonly night: boolean;
}

export type PaletteName = keyof typeof SWATCHES;

export const PALETTE_NAMES: readonly PaletteName[] = Object.keys(SWATCHES).filter((name): name is PaletteName => name in SWATCHES);

export function paletteNamed(name: PaletteName): Palette {
  const swatches: Swatches = SWATCHES[name];
  const [zenith, high, low, horizon] = swatches.sky;
  const [first, second, third] = swatches.accents;
  return {
    sky: [color(zenith), color(high), color(low), color(horizon)],
    orb: color(swatches.orb),
    glow: color(swatches.glow),
    haze: color(swatches.haze),
    near: color(swatches.near),
    water: color(swatches.water),
    accents: [color(first), color(second), color(third)],
    night: swatches.night ?? false,
  };
}

/** The palette with its accents led by one color: the red of "a red ball". */
export function withAccent(palette: Palette, accent: Color): Palette {
  return { ...palette, accents: [accent, mix(accent, palette.orb, 0.35), tone(accent, 0.72)] };
}
