import sharp from 'sharp';
import { openPicture } from './open-picture.ts';
import type { Brief } from './painting/brief.ts';
import { mix, toHex } from './painting/color.ts';
import type { Size } from './picture-size.ts';
import { asSharp, type Raster, toRaster } from './raster.ts';
import { recolor } from './rework.ts';

const MARGIN_SHARE = 0.035;
/** Just enough of one palette for strangers to look like a set. */
const TINT = 0.22;

/** Several pictures hung side by side on one ground, in rows of equal panels, in an order by chance; a single one fills the place. Throws UnreadableInput. */
export async function collage(images: readonly Uint8Array[], size: Size, brief: Brief): Promise<Raster> {
  const [only] = images;
  if (only !== undefined && images.length === 1) return recolor(await openPicture(only, size), brief, TINT);
  const columns = columnsFor(images.length, size.width / size.height);
  const rows = Math.ceil(images.length / columns);
  const margin = Math.max(1, Math.round(Math.min(size.width, size.height) * MARGIN_SHARE));
  const high = Math.max(1, Math.floor((size.height - margin * (rows + 1)) / rows));
  const panels: { input: Buffer; raw: { width: number; height: number; channels: 4 }; left: number; top: number }[] = [];
  const first = Math.floor(brief.chance.fork('collage').between(0, images.length));
  for (const [index, bytes] of [...images.slice(first), ...images.slice(0, first)].entries()) {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, images.length - row * columns);
    const wide = Math.max(1, Math.floor((size.width - margin * (inRow + 1)) / inRow));
    const { pixels, width, height } = recolor(await openPicture(bytes, { width: wide, height: high }), brief, TINT);
    const left = margin + (index - row * columns) * (wide + margin);
    panels.push({ input: Buffer.from(pixels), raw: { width, height, channels: 4 }, left, top: margin + row * (high + margin) });
  }
  const ground = toHex(mix(brief.palette.sky[3], [1, 1, 1], 0.45));
  const create = { ...size, channels: 4, background: ground } as const;
  // Composed into pixels first: sharp resizes before it composes.
  return toRaster(asSharp(await toRaster(sharp({ create }).composite(panels))));
}

/** Panels as near to a square as the picture allows. */
function columnsFor(count: number, ratio: number): number {
  return Math.min(count, Math.max(1, Math.round(Math.sqrt(count * ratio))));
}
