import sharp from 'sharp';
import type { Size } from './picture-size.ts';
import type { Raster } from './raster.ts';

/** A part of a picture, in pixels. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** The soft edge is this share of the shorter side, and lies wholly inside the part that may be changed. */
const FEATHER_SHARE = 1 / 256;

/** The least box around all that the mask gives free (its alpha below 255); undefined when it gives nothing free. */
export function freedBox({ pixels, width, height }: Raster): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = 3; at < pixels.length; at += 4) {
    if (pixels[at] === 255) continue;
    const [x, y] = [(at >> 2) % width, Math.floor((at >> 2) / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * Lays `patch` over the freed part of a picture. A pixel that the mask keeps (alpha 255) stays exactly what it was,
 * color below transparency included; between the two, the patch fades in over the feather.
 */
export async function retouch(base: Raster, mask: Raster, patch: Raster, box: Box): Promise<Raster> {
  const weights = await patchWeights(mask);
  const pixels = Uint8Array.from(base.pixels);
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const pixel = (box.top + y) * base.width + box.left + x;
      const weight = weights[pixel] ?? 0;
      if (weight > 0) layOver(pixels, pixel * 4, patch.pixels, (y * patch.width + x) * 4, weight);
    }
  }
  return { ...base, pixels };
}

function layOver(below: Uint8Array, at: number, above: Uint8Array, from: number, weight: number): void {
  const seen = (below[at + 3] ?? 0) * (1 - weight);
  const laid = (above[from + 3] ?? 0) * weight;
  const alpha = seen + laid;
  for (let channel = 0; channel < 3; channel++) {
    below[at + channel] = Math.round(((below[at + channel] ?? 0) * seen + (above[from + channel] ?? 0) * laid) / Math.max(1e-6, alpha));
  }
  below[at + 3] = Math.round(alpha);
}

/** How much of the patch shows at each pixel, 0–1. */
async function patchWeights({ pixels, width, height }: Raster): Promise<Float32Array> {
  const freed = Uint8Array.from({ length: width * height }, (_, pixel) => 255 - (pixels[pixel * 4 + 3] ?? 255));
  const sigma = Math.max(0.6, Math.min(width, height) * FEATHER_SHARE);
  const { data, info } = await sharp(freed, { raw: { width, height, channels: 1 } })
    .blur(sigma)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const soft = (pixel: number) => data[pixel * info.channels] ?? 0;
  // A hole smaller than the feather never gets to full strength: its own strongest point counts as full.
  let strongest = 1;
  for (let pixel = 0; pixel < freed.length; pixel++) strongest = Math.max(strongest, soft(pixel));
  return Float32Array.from(freed, (free, pixel) => {
    const inside = Math.min(1, Math.max(0, (soft(pixel) / strongest - 0.5) * 2));
    return (free / 255) * inside;
  });
}
