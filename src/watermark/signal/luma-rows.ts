import type { Raster } from '../raster.ts';

/** Weights of BT.601, as JPEG and WebP have them. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;
export const LUMA_WEIGHTS = [RED, GREEN, BLUE] as const;

/** Writes the luma (0–255) of row `y` to `out`, from `at` on; where a pixel is see-through, so is `backdrop`. */
export function writeLumaRow(raster: Raster, y: number, backdrop: number, out: Float32Array, at: number): void {
  const { data, width, channels } = raster;
  let from = y * width * channels;
  if (channels < 3) for (let x = 0; x < width; x++, from += channels) out[at + x] = data[from] ?? 0;
  else
    for (let x = 0; x < width; x++, from += channels) {
      out[at + x] = RED * (data[from] ?? 0) + GREEN * (data[from + 1] ?? 0) + BLUE * (data[from + 2] ?? 0);
    }
  if (channels === 2 || channels === 4) layOnBackdrop(raster, y, backdrop, out, at);
}

function layOnBackdrop({ data, width, channels }: Raster, y: number, backdrop: number, out: Float32Array, at: number): void {
  for (let x = 0, from = (y * width + 1) * channels - 1; x < width; x++, from += channels) {
    const alpha = (data[from] ?? 0) / 255;
    out[at + x] = (out[at + x] ?? 0) * alpha + backdrop * (1 - alpha);
  }
}

/** Mean luma of the opaque pixels of a raster with alpha: what see-through ones are laid on. 128 when there is none. */
export function backdropOf({ data, channels }: Raster): number {
  if (channels === 1 || channels === 3) return 128;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < data.length; at += channels) {
    if ((data[at + channels - 1] ?? 0) < 255) continue;
    sum += channels === 2 ? (data[at] ?? 0) : RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);
    count++;
  }
  return count === 0 ? 128 : sum / count;
}
