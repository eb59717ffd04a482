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
    const first = await readRaster(shrunk(open(), width, height), pages);
    const seeThrough = first.channels === 4 && isSeeThrough(first.data);
    const views = seeThrough ? [await hiddenView(open(), { width, height, frames: pages }), onWhite(first)] : [opaque(first)];
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
  /** All frames, one below the other. */
  readonly data: Uint8Array;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  readonly frames: number;
  readonly channels: number;
}

/** Frames that do not add up would go unseen, so they make the picture undecodable. */
async function readRaster(picture: Sharp, frames: number): Promise<Raster> {
  const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const height = info.height / frames;
  const whole = Number.isInteger(height) && data.length === info.width * info.height * info.channels;
  if (!whole) throw new RangeError('the frames do not add up');
  return { data, width: info.width, height, frames, channels: info.channels };
}

/**
 * The stored color without its alpha channel, frame by frame through a raw raster, because sharp drops the channel only
 * after it has shrunk the picture with it. Needs the whole in memory: 150 MB at 50 megapixels.
 */
async function hiddenView(picture: Sharp, { width, height, frames }: Pick<Raster, 'width' | 'height' | 'frames'>): Promise<View> {
  const { data, info } = await picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const raw = { width, height, channels: info.channels };
  const frameBytes = width * height * info.channels;
  if (data.length !== frameBytes * frames) throw new RangeError('the frames do not add up');
  const rasters: Raster[] = [];
  for (let at = 0; at < data.length; at += frameBytes) {
    const frame = sharp(data.subarray(at, at + frameBytes), { raw, limitInputPixels: false });
    rasters.push(await readRaster(shrunk(frame, width, height), 1));
  }
  const [first] = rasters;
  if (first === undefined) throw new RangeError('the frames do not add up');
  return { ...opaque(first), frames: rasters.flatMap((raster) => opaque(raster).frames) };
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
function split({ data, width, height, frames, channels }: Raster, blend: (channel: number, alpha: number) => number): Uint8Array[] {
  const pixels = width * height;
  return Array.from({ length: frames }, (_, frame) => {
    const rgb = new Uint8Array(pixels * 3);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (frame * pixels + pixel) * channels;
      const alpha = channels === 4 || channels === 2 ? (data[from + channels - 1] ?? 255) : 255;
      for (let color = 0; color < 3; color++) rgb[pixel * 3 + color] = blend(data[from + (channels < 3 ? 0 : color)] ?? 0, alpha);
    }
    return rgb;
  });
}
