import { blend, type Color, toHex } from './color.ts';
import type { Stamp } from './stamps.ts';
import { over } from './surface.ts';

/** Light as a still-life painter sets it: one window, and what the room gives back. */
export interface Studio {
  /** Toward the light; x right, y down, z to the viewer; length 1. */
  readonly toward: readonly [number, number, number];
  readonly window: Color;
  readonly shadow: Color;
  /** What the table throws up from below. */
  readonly bounce: Color;
}

/** A body turned on a lathe: balls, fruit, vases, balloons. Lengths in pixels. */
export interface Turned {
  readonly x: number;
  readonly foot: number;
  readonly tall: number;
  /** Radius as a share of `tall`, from the top (0) to the foot (1). */
  readonly profile: (down: number) => number;
  /** Color of the skin: `around` -1 (left edge) to 1 (right edge) across the visible half, `down` 0–1. */
  readonly skin: (around: number, down: number) => Color;
  /** 0 chalk – 1 glass. */
  readonly gloss: number;
  readonly studio: Studio;
}

export function turned(body: Turned): Stamp {
  const { x, foot, tall, profile, studio, gloss } = body;
  const top = foot - tall;
  const highlight = halfway(studio.toward);
  return {
    top: Math.floor(top),
    bottom: Math.ceil(foot),
    paint(row, y) {
      const down = Math.min(1, Math.max(0, (y + 0.5 - top) / tall));
      const radius = profile(down) * tall;
      if (radius <= 0.2) return;
      const step = 0.004;
      const flare =
        (profile(Math.min(1, down + step)) - profile(Math.max(0, down - step))) / (Math.min(1, down + step) - Math.max(0, down - step));
      const norm = 1 / Math.sqrt(1 + flare * flare);
      const last = Math.min(row.length / 4 - 1, Math.ceil(x + radius));
      for (let column = Math.max(0, Math.floor(x - radius)); column <= last; column++) {
        const across = Math.min(0.999, Math.max(-0.999, (column + 0.5 - x) / radius));
        const normal = [across * norm, -flare * norm, Math.sqrt(1 - across * across) * norm] as const;
        const shaded = shade(body, normal, body.skin((Math.asin(across) * 2) / Math.PI, down), down);
        const spark = Math.max(0, dot(normal, highlight));
        const glint = gloss * (0.75 * spark ** 90 + 0.22 * spark ** 14);
        const [red, green, blue] = blend(shaded, studio.window, Math.min(1, glint));
        const edge = Math.min(1, (radius - Math.abs(column + 0.5 - x)) * norm + 0.5);
        over(row, column, red, green, blue, edge);
      }
    },
    svg: () => outline(body),
  };
}

function shade({ studio, gloss }: Turned, normal: readonly [number, number, number], skin: Color, down: number): Color {
  const facing = dot(normal, studio.toward);
  // Wrapped: a room has no vacuum-black shadow side.
  const direct = Math.max(0, (facing + 0.28) / 1.28) ** 1.25;
  const rim = (1 - Math.max(0, normal[2])) ** 3;
  const bounced = Math.max(0, normal[1]) * 0.34;
  const contact = 1 - 0.45 * Math.max(0, (down - 0.8) / 0.2) ** 2;
  const ambient = 0.3 + 0.06 * gloss;
  const warm = direct * 0.55;
  const sheen = rim * 0.14 * (0.5 + gloss);
  return [
    lit(
      skin[0],
      warm + direct * 0.5 * studio.window[0] + ambient * (0.4 + 0.6 * studio.shadow[0]) + bounced * studio.bounce[0],
      contact,
      sheen * studio.window[0],
    ),
    lit(
      skin[1],
      warm + direct * 0.5 * studio.window[1] + ambient * (0.4 + 0.6 * studio.shadow[1]) + bounced * studio.bounce[1],
      contact,
      sheen * studio.window[1],
    ),
    lit(
      skin[2],
      warm + direct * 0.5 * studio.window[2] + ambient * (0.4 + 0.6 * studio.shadow[2]) + bounced * studio.bounce[2],
      contact,
      sheen * studio.window[2],
    ),
  ];
}

const lit = (skin: number, light: number, contact: number, sheen: number) => Math.min(1, skin * light * contact + sheen);

type Vector = readonly [number, number, number];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function halfway([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z + 1);
  return [x / length, y / length, (z + 1) / length];
}

function outline({ x, foot, tall, profile, skin }: Turned): string {
  const steps = 24;
  const side = Array.from({ length: steps + 1 }, (_, index) => index / steps);
  const point = (down: number, sign: number) => `${(x + sign * profile(down) * tall).toFixed(1)} ${(foot - tall + down * tall).toFixed(1)}`;
  const path = [...side.map((down) => point(down, 1)), ...side.toReversed().map((down) => point(down, -1))].join('L');
  return `<path d="M${path}Z" fill="${toHex(skin(0, 0.5))}"/>`;
}

/** A profile with round ends, from a radius for each angle from the top pole (0) to the bottom pole (π). */
export function roundProfile(radiusAt: (angle: number) => number): (down: number) => number {
  return (down) => {
    const angle = Math.acos(1 - 2 * Math.min(1, Math.max(0, down)));
    return radiusAt(angle) * Math.sin(angle);
  };
}

/** A profile through points (radius as a share of the height, evenly spaced from the top), smooth. */
export function potProfile(radii: readonly number[]): (down: number) => number {
  const rest = 0.97;
  return (down) => {
    // The table is seen a little from above: a foot is an ellipse, not a line.
    const foot = down <= rest ? 1 : Math.sqrt(Math.max(0, 1 - ((down - rest) / (1 - rest)) ** 2));
    const position = Math.min(1, Math.max(0, down)) * (radii.length - 1);
    const at = Math.min(radii.length - 2, Math.floor(position));
    const t = position - at;
    const value = (index: number) => radii[Math.min(radii.length - 1, Math.max(0, index))] ?? 0;
    const [a, b, c, d] = [value(at - 1), value(at), value(at + 1), value(at + 2)];
    // Catmull–Rom.
    return foot * (b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
  };
}
