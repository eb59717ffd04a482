import { blend, type Color, mix, toHex, tone } from './color.ts';
import { roundProfile, type Studio, turned } from './lathe.ts';
import type { Palette } from './palette.ts';
import type { Chance } from './random.ts';
import type { Orb } from './sky.ts';
import type { Stamp } from './stamps.ts';
import { span } from './surface.ts';

/** The light that falls on a thing in the open, from where the orb stands. */
export function outdoorLight(palette: Palette, orb: Orb, x: number): Studio {
  const [dx, dy, dz] = [orb.x - x + (orb.x >= x ? 0.25 : -0.25), -0.45, 0.55];
  const length = Math.hypot(dx, dy, dz);
  return {
    toward: [dx / length, dy / length, dz / length],
    window: mix(palette.orb, palette.glow, 0.4),
    shadow: palette.sky[1],
    bounce: palette.haze,
  };
}

interface Placed {
  readonly x: number;
  readonly y: number;
  /** In pixels: the height of the thing. */
  readonly tall: number;
}

/** A hot-air balloon in gores of two colors; `y` is the middle of the envelope. */
export function balloon({ x, y, tall }: Placed, palette: Palette, studio: Studio, chance: Chance): Stamp[] {
  const gores = chance.pick([10, 12, 14]);
  const [first, second] = chance.pick([
    [palette.accents[0], palette.accents[2]],
    [palette.accents[0], palette.accents[1]],
    [palette.accents[1], palette.accents[2]],
  ]);
  const envelope = tall * 0.8;
  const foot = y + envelope / 2;
  const profile = roundProfile((angle) => 0.47 - 0.19 * Math.max(0, (angle - 1.6) / 1.54) ** 1.6);
  const skin = (around: number, down: number): Color => {
    const gore = ((around + 1) / 2) * (gores / 2) + 0.5;
    const seam = Math.abs(gore - Math.round(gore));
    const stripe = Math.floor(gore) % 2 === 0 ? first : second;
    const band = down > 0.66 && down < 0.73 ? tone(first, 0.6) : stripe;
    return seam < 0.05 ? blend(band, [0, 0, 0], 0.22) : band;
  };
  return [
    basket({ x, top: foot - envelope * 0.01, tall: tall * 0.2, wide: tall * 0.085, tint: mix(palette.near, [0.5, 0.33, 0.2], 0.55) }),
    turned({ x, foot, tall: envelope, profile, skin, gloss: 0.12, studio }),
  ];
}

function basket({ x, top, tall, wide, tint }: { x: number; top: number; tall: number; wide: number; tint: Color }): Stamp {
  const rope = tone(tint, 0.8);
  return {
    top: Math.floor(top - tall * 0.2),
    bottom: Math.ceil(top + tall),
    paint(row, y) {
      const down = (y - top) / tall;
      if (down < 0.56) {
        const half = wide * (0.95 - 0.42 * Math.max(0, down));
        for (const side of [-1, -0.35, 0.35, 1]) span(row, x + side * half - tall * 0.008, x + side * half + tall * 0.008 + 0.3, rope, 0.9);
        return;
      }
      const half = wide * (0.54 - 0.08 * (down - 0.56));
      span(row, x - half, x + half, down < 0.62 ? rope : tint);
    },
    svg: () => `<rect x="${x - wide / 2}" y="${top + tall * 0.5}" width="${wide}" height="${tall * 0.5}" fill="${toHex(tint)}"/>`,
  };
}

/** A sailing boat; `y` is its water line. */
export function sailboat({ x, y, tall }: Placed, palette: Palette, chance: Chance): Stamp {
  const sail = mix(palette.orb, palette.haze, 0.16);
  const shaded = mix(sail, palette.sky[1], 0.38);
  const hull = mix(palette.near, palette.accents[0], 0.25);
  const way = chance.pick([-1, 1]);
  const ordered = (row: Float32Array, a: number, b: number, tint: Color) => span(row, Math.min(a, b), Math.max(a, b), tint);
  return {
    top: Math.floor(y - tall),
    bottom: Math.ceil(y + tall * 0.02),
    paint(row, line) {
      const up = (y - line) / tall;
      if (up < 0.1) {
        const half = tall * (0.2 + 0.1 * Math.max(0, up / 0.1));
        span(row, x - half, x + half, hull);
        return;
      }
      const along = (up - 0.13) / 0.85;
      if (along >= 0 && along < 1) ordered(row, x + way * tall * 0.015, x + way * tall * (0.015 + 0.36 * (1 - along) ** 0.85), sail);
      const jib = (up - 0.13) / 0.66;
      if (jib >= 0 && jib < 1) ordered(row, x - way * tall * 0.02, x - way * tall * (0.02 + 0.24 * (1 - jib)), shaded);
      span(row, x - tall * 0.006 - 0.2, x + tall * 0.006 + 0.2, hull);
    },
    svg: () => `<path d="M${x} ${y - tall}l${way * tall * 0.36} ${tall * 0.87}h${-way * tall * 0.6}Z" fill="${toHex(sail)}"/>`,
  };
}

/** Far birds: two shallow wings each. `y` is the middle of the flock. */
export function birds({ x, y, tall }: Placed, tint: Color, chance: Chance): Stamp[] {
  return Array.from({ length: Math.floor(chance.between(4, 9)) }, () => {
    const size = tall * chance.between(0.5, 1);
    const [cx, cy, lift] = [x + chance.between(-6, 6) * tall, y + chance.between(-2.2, 2.2) * tall, chance.between(0.25, 0.5)];
    return {
      top: Math.floor(cy - size),
      bottom: Math.ceil(cy + size),
      paint(row, line) {
        const thick = Math.max(0.5, size * 0.07);
        for (let column = Math.ceil(cx - size); column <= cx + size; column++) {
          const out = Math.abs(column - cx) / size;
          const wing = cy - size * lift * Math.sin(out * 2.5) + size * 0.12;
          const alpha = Math.min(1, thick * (1.2 - out) + 0.5 - Math.abs(line - wing));
          if (alpha > 0 && column >= 0 && column < row.length / 4) span(row, column, column + 1, tint, alpha);
        }
      },
      svg: () =>
        `<path d="M${(cx - size).toFixed(1)} ${cy.toFixed(1)}q${(size / 2).toFixed(1)} ${(-size * 0.5).toFixed(1)} ${size.toFixed(1)} 0q${(size / 2).toFixed(1)} ${(-size * 0.5).toFixed(1)} ${size.toFixed(1)} 0" fill="none" stroke="${toHex(tint)}"/>`,
    } satisfies Stamp;
  });
}
