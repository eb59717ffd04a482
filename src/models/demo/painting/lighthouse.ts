import { type Color, mix, toHex, tone } from './color.ts';
import type { Palette } from './palette.ts';
import type { Stamp } from './stamps.ts';
import { span } from './surface.ts';

export interface LighthouseOptions {
  /** Middle and foot, and the height, in pixels. */
  readonly x: number;
  readonly foot: number;
  readonly tall: number;
  readonly palette: Palette;
  /** Which side the light comes from: -1 left, 1 right. */
  readonly lightFrom: number;
}

/** How far the rock below the tower reaches, in heights of the tower. */
const ROCK_SHARE = 0.14;

/** A white tower on a rock, with two red bands, a gallery and a lamp. */
export function lighthouse({ x, foot, tall, palette, lightFrom }: LighthouseOptions): Stamp {
  const white = mix([0.97, 0.95, 0.91], palette.haze, palette.night ? 0.55 : 0.12);
  const red = mix([0.8, 0.2, 0.17], palette.near, palette.night ? 0.5 : 0.08);
  const dark = mix(palette.near, [0.15, 0.14, 0.18], 0.5);
  const lamp: Color = mix([1, 0.9, 0.6], palette.glow, 0.3);
  const at = (up: number) => foot - up * tall;
  // From the top: half the width in shares of the height, and the color.
  const part = (up: number): readonly [number, Color] => {
    if (up > 0.93) return [0.055 * (1 - (up - 0.93) / 0.07), red];
    if (up > 0.82) return [0.034, up > 0.84 && up < 0.91 ? lamp : dark];
    if (up > 0.795) return [0.07, dark];
    const band = (up > 0.2 && up < 0.36) || (up > 0.52 && up < 0.66);
    return [0.085 - 0.045 * up, band ? red : white];
  };
  return {
    top: Math.floor(at(1)),
    bottom: Math.ceil(foot + tall * ROCK_SHARE),
    paint(row, y) {
      const rock = Math.sqrt(Math.max(0, 1 - ((foot + tall * ROCK_SHARE - y) / (tall * ROCK_SHARE * 1.25)) ** 2)) * tall * 0.55;
      if (rock > 0) span(row, x - rock * 0.9, x + rock * 1.1, dark);
      if (y > foot) return;
      const [share, tint] = part((foot - y) / tall);
      const half = share * tall;
      span(row, x - half, x + half, tint);
      const side = x - lightFrom * half;
      span(row, Math.min(side, side + lightFrom * half * 0.8), Math.max(side, side + lightFrom * half * 0.8), tone(tint, 0.72), 0.55);
    },
    svg: () =>
      `<path d="M${(x - tall * 0.05).toFixed(1)} ${at(0.8).toFixed(1)}h${(tall * 0.1).toFixed(1)}L${(x + tall * 0.085).toFixed(1)} ${foot.toFixed(1)}h${(-tall * 0.17).toFixed(1)}Z" fill="${toHex(white)}"/>` +
      `<path d="M${(x - tall * 0.035).toFixed(1)} ${at(0.82).toFixed(1)}v${(-tall * 0.11).toFixed(1)}h${(tall * 0.07).toFixed(1)}v${(tall * 0.11).toFixed(1)}Z" fill="${toHex(lamp)}"/>` +
      `<path d="M${(x - tall * 0.055).toFixed(1)} ${at(0.93).toFixed(1)}h${(tall * 0.11).toFixed(1)}L${x.toFixed(1)} ${at(1).toFixed(1)}Z" fill="${toHex(red)}"/>`,
  };
}
