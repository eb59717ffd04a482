import type { Brief } from './painting/brief.ts';
import { lightness, ramp } from './painting/color.ts';
import { asSharp, paintAt, type Raster, toRaster } from './raster.ts';
import type { Quality } from './read-order.ts';

const TONES = 256;
const SHADOW = { offsetShare: 0.012, blurShare: 0.014, strength: 0.45 } as const;

/**
 * Gives a picture the colors of a brief: each tone moves toward the palette's tone of the same lightness. Forms and
 * transparency stay. `share` 0–1.
 */
export function recolor(raster: Raster, { palette }: Brief, share: number): Raster {
  const { near, water, haze, sky, orb } = palette;
  const stops = [near, water, haze, sky[3], orb].toSorted((a, b) => lightness(a) - lightness(b));
  const tones = ramp(stops, TONES);
  const pixels = Uint8Array.from(raster.pixels);
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    const tone = Math.round(0.299 * red + 0.587 * green + 0.114 * blue) * 3;
    pixels[at] = red + ((tones[tone] ?? 0) * 255 - red) * share;
    pixels[at + 1] = green + ((tones[tone + 1] ?? 0) * 255 - green) * share;
    pixels[at + 2] = blue + ((tones[tone + 2] ?? 0) * 255 - blue) * share;
  }
  return { ...raster, pixels };
}

/** A picture in the prompt's colors, more or less so by chance, with the things that the prompt names set before it. */
export async function rework(raster: Raster, brief: Brief, quality: Quality): Promise<Raster> {
  const ground = recolor(raster, brief, brief.chance.fork('rework').between(0.58, 0.86));
  if (brief.family !== 'still_life') return ground;
  const things = await paintAt(brief, raster, { quality, transparent: true });
  const { width, height } = raster;
  const place = { raw: { width, height, channels: 4 as const }, left: 0, top: 0 };
  const shadow = await shadowOf(things);
  return toRaster(
    asSharp(ground).composite([
      { ...place, input: Buffer.from(shadow.pixels) },
      { ...place, input: Buffer.from(things.pixels) },
    ]),
  );
}

/** What a cut-out throws on the picture behind it: its own outline, soft, moved away from the light. */
async function shadowOf(things: Raster): Promise<Raster> {
  const short = Math.min(things.width, things.height);
  const soft = await toRaster(asSharp(things).blur(Math.max(0.5, short * SHADOW.blurShare)));
  const moved = Math.round(short * SHADOW.offsetShare);
  const pixels = new Uint8Array(things.pixels.length);
  for (let y = moved; y < things.height; y++) {
    for (let x = moved; x < things.width; x++) {
      const from = ((y - moved) * things.width + x - moved) * 4 + 3;
      pixels[(y * things.width + x) * 4 + 3] = (soft.pixels[from] ?? 0) * SHADOW.strength;
    }
  }
  return { ...things, pixels };
}
