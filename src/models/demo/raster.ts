import sharp, { type Sharp } from 'sharp';
import type { Brief } from './painting/brief.ts';
import { paint } from './painting/paint.ts';
import { type Size, scaled } from './picture-size.ts';
import type { Quality } from './read-order.ts';

/** RGBA, 8 bits, straight alpha. */
export interface Raster extends Size {
  readonly pixels: Uint8Array;
}

/** How finely each quality paints, in shares of the final resolution. `high` is painted larger and shrunk, which shows as detail. */
const FINENESS: Readonly<Record<Quality, number>> = { low: 0.5, medium: 1, high: 1.4 };
/** Bounds cost and memory: larger pictures are painted at this size and enlarged; smaller ones are shrunk, so that they stay clean. */
const MAX_PAINTED_PIXELS = 2_400_000;
const MIN_PAINTED_SIDE_PX = 224;

interface PaintOptions {
  readonly quality: Quality;
  readonly transparent?: boolean;
  readonly moment?: number;
}

/** Paints in a sensible resolution and brings the result to `size`. */
export async function paintAt(brief: Brief, size: Size, { quality, transparent = false, moment = 0 }: PaintOptions): Promise<Raster> {
  const wanted = Math.max(FINENESS[quality], MIN_PAINTED_SIDE_PX / Math.min(size.width, size.height));
  // The cap comes last: the hole of a mask may be one pixel wide.
  const at = scaled(size, Math.min(wanted, Math.sqrt(MAX_PAINTED_PIXELS / (size.width * size.height))));
  return resized({ ...at, pixels: paint(brief, { ...at, cutOut: transparent, moment }) }, size);
}

/** The raster stretched to another size. */
export async function resized(raster: Raster, { width, height }: Size): Promise<Raster> {
  if (raster.width === width && raster.height === height) return raster;
  return toRaster(asSharp(raster).resize(width, height, { fit: 'fill', kernel: width < raster.width ? 'lanczos3' : 'cubic' }));
}

export function asSharp({ pixels, width, height }: Raster): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 4 } });
}

export async function toRaster(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

/** Whether any pixel lets the ground through. */
export function isSeeThrough({ pixels }: Raster): boolean {
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return true;
  return false;
}
