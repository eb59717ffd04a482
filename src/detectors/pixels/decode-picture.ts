import sharp, { type Sharp } from 'sharp';
import type { InspectInput } from './inspect-output.ts';

/** Larger sides are shrunk to this, as in the PDQ reference; going straight to 64 would ruin the hash (see `pdqHash`). */
const MAX_SIDE_PX = 512;

/** One way to look at a picture: its frames as interleaved 8-bit RGB, all of one size. */
export interface View {
  /** `rgb`: color as stored, transparency ignored, as many models read it. `on_white`: as shown on a white page. */
  readonly name: 'rgb' | 'on_white';
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
}

export type DecodedPicture =
  | { readonly kind: 'undecodable' }
  | {
      readonly kind: 'decoded';
      /** libvips' name of the format. */
      readonly format: string;
      readonly width: number;
      readonly height: number;
      readonly frames: number;
      readonly hasAlpha: boolean;
      /** The last one is what a viewer shows. */
      readonly views: readonly View[];
    };

/**
 * Decodes every frame, once; a second time only for a picture with transparent parts, because shrinking with the alpha
 * channel wipes the color below it, where a picture can hide from viewers but not from models.
 */
export async function decodePicture({ bytes, maxPixelsAllFrames }: InspectInput): Promise<DecodedPicture> {
  const open = () => sharp(bytes, { animated: true, failOn: 'error', limitInputPixels: maxPixelsAllFrames, sequentialRead: true });
  try {
    const { format, width, pageHeight, height: fullHeight, pages = 1, hasAlpha } = await open().metadata();
    const height = pageHeight ?? fullHeight;
    const first = await readView(shrunk(open(), width, height));
    const seeThrough = first.channels === 4 && isSeeThrough(first.data);
    const views = seeThrough ? [await hiddenView(open(), width, height), onWhite(first)] : [opaque(first)];
    return { kind: 'decoded', format, width, height, frames: pages, hasAlpha, views };
  } catch {
    return { kind: 'undecodable' };
  }
}

function shrunk(picture: Sharp, width: number, height: number): Sharp {
  if (width <= MAX_SIDE_PX && height <= MAX_SIDE_PX) return picture;
  return picture.resize(MAX_SIDE_PX, MAX_SIDE_PX, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false });
}

interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

async function readView(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.pageHeight ?? info.height, channels: info.channels };
}

/** The stored color without its alpha channel. Needs the full raster in memory: 150 MB at 50 megapixels. */
async function hiddenView(picture: Sharp, width: number, height: number): Promise<View> {
  const { data, info } = await picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels, pageHeight: height };
  return opaque(await readView(shrunk(sharp(data, { raw, limitInputPixels: false }), width, height)));
}

function isSeeThrough(rgba: Uint8Array): boolean {
  for (let at = 3; at < rgba.length; at += 4) if ((rgba[at] ?? 255) < 255) return true;
  return false;
}

function opaque(raster: Raster): View {
  return { name: 'rgb', width: raster.width, height: raster.height, frames: split(raster, (channel) => channel) };
}

function onWhite(raster: Raster): View {
  const blend = (channel: number, alpha: number) => Math.round((channel * alpha + 255 * (255 - alpha)) / 255);
  return { name: 'on_white', width: raster.width, height: raster.height, frames: split(raster, blend) };
}

/** Cuts the stacked frames apart and keeps three channels; grey is repeated. */
function split({ data, width, height, channels }: Raster, blend: (channel: number, alpha: number) => number): Uint8Array[] {
  const pixels = width * height;
  return Array.from({ length: data.length / (pixels * channels) }, (_, frame) => {
    const rgb = new Uint8Array(pixels * 3);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (frame * pixels + pixel) * channels;
      const alpha = channels === 4 || channels === 2 ? (data[from + channels - 1] ?? 255) : 255;
      for (let color = 0; color < 3; color++) rgb[pixel * 3 + color] = blend(data[from + (channels < 3 ? 0 : color)] ?? 0, alpha);
    }
    return rgb;
  });
}
