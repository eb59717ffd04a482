import sharp from 'sharp';
import { type LabelPlan, planLabel } from './label-place.ts';
import type { LabelStyle } from './label-style.ts';
import type { Raster } from './raster.ts';
import { LIGHT_FROM } from './visible-label-job.ts';

/** The picture with the badge on it, without decoding or encoding anything but the badge. Only in the worker pool. */
export async function labelRaster(raster: Raster, style: LabelStyle): Promise<Raster> {
  const plan = planLabel(raster, style);
  const { svg } = isLight(raster, plan) ? plan.onLight : plan.onDark;
  const { data: badge, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const data = Uint8Array.from(raster.data);
  const width = Math.min(info.width, raster.width - plan.left);
  const height = Math.min(info.height, raster.height - plan.top);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = ((plan.top + y) * raster.width + plan.left + x) * raster.channels;
      blend(data, to, raster.channels, badge.subarray(4 * (y * info.width + x), 4 * (y * info.width + x) + 4));
    }
  }
  return { ...raster, data };
}

/** One pixel over another; grey pictures take the badge's green, which is near its luma. */
function blend(data: Uint8Array, to: number, channels: Raster['channels'], [red = 0, green = 0, blue = 0, alpha = 0]: Uint8Array): void {
  const colors = channels < 3 ? [green] : [red, green, blue];
  const over = alpha / 255;
  const hasAlpha = channels === 2 || channels === 4;
  const under = (hasAlpha ? (data[to + channels - 1] ?? 0) / 255 : 1) * (1 - over);
  const whole = over + under;
  if (whole === 0) return;
  for (const [i, color] of colors.entries()) data[to + i] = Math.round((color * over + (data[to + i] ?? 0) * under) / whole);
  if (hasAlpha) data[to + channels - 1] = Math.round(255 * whole);
}

/** Of what lies under the badge, on white where it is see-through. */
function isLight({ data, width, channels }: Raster, { left, top, onLight: badge }: LabelPlan): boolean {
  let sum = 0;
  for (let y = top; y < top + badge.height; y++) {
    for (let x = left; x < left + badge.width; x++) {
      const at = (y * width + x) * channels;
      const luma = channels < 3 ? (data[at] ?? 0) : 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
      const alpha = channels === 2 || channels === 4 ? (data[at + channels - 1] ?? 0) / 255 : 1;
      sum += luma * alpha + 255 * (1 - alpha);
    }
  }
  return sum >= LIGHT_FROM * badge.width * badge.height;
}
