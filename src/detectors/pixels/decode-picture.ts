import sharp, { type Sharp } from 'sharp';
import { decodeStored, type StoredPicture } from './stored-picture.ts';

/** Larger sides are shrunk to this, as in the PDQ reference; going straight to 64 would ruin the hash (see `pdqHash`). */
const MAX_SIDE_PX = 512;

/** One way to look at a picture: its frames as interleaved 8-bit RGB, all of one size. */
export interface View {
  /** `rgb`: color as stored, transparency ignored, as many models read it. `on_black`, `on_white`: as shown on such a page. */
  readonly name: 'rgb' | 'on_black' | 'on_white';
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

/** Decodes every frame. `maxPixels`, of all frames, guards the decoder against a header that lied to us. */
export async function decodePicture(bytes: Uint8Array, maxPixels: number): Promise<DecodedPicture> {
  try {
    const still = await decodeStored(bytes, maxPixels);
    return still === null ? await decodeFrames(bytes, maxPixels) : await viewsOf(still);
  } catch {
    return { kind: 'undecodable' };
  }
}

/**
 * The views of a picture that was decoded already. With transparent parts the color below them is looked at by itself, because shrinking with
 * the alpha channel wipes it, and a picture can hide there from viewers but not from models; and in what is white, from white pages but not from dark ones.
 */
export async function viewsOf({ data, width, height, channels, format, hasAlpha }: StoredPicture): Promise<DecodedPicture> {
  const frame = { data, width, height, frames: 1, channels };
  const first = await shrunkRaster(frame);
  const views = isSeeThrough(first) ? [opaque(await shrunkRaster(withoutAlpha(frame))), ...onPages(first)] : [opaque(first)];
  return { kind: 'decoded', format, width, height, frames: 1, hasAlpha, views };
}

/** An animation: all frames at once, and again for their hidden color. */
async function decodeFrames(bytes: Uint8Array, maxPixels: number): Promise<DecodedPicture> {
  const open = () => sharp(bytes, { animated: true, failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true });
  const { format, width, pageHeight, height: fullHeight, pages: frames = 1, hasAlpha } = await open().metadata();
  const height = pageHeight ?? fullHeight;
  const first = await readRaster(shrunk(open(), width, height), frames);
  const views = isSeeThrough(first) ? [await hiddenView(open(), { width, height, frames }), ...onPages(first)] : [opaque(first)];
  return { kind: 'decoded', format, width, height, frames, hasAlpha, views };
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

/** Of one frame. */
async function shrunkRaster(frame: Raster): Promise<Raster> {
  const { data, width, height, channels } = frame;
  if (channels < 1 || channels > 4) throw new RangeError('a picture has one to four channels');
  if (width <= MAX_SIDE_PX && height <= MAX_SIDE_PX) return frame;
  const raw = { width, height, channels: channels === 1 ? 1 : channels === 2 ? 2 : channels === 3 ? 3 : 4 } as const;
  return readRaster(shrunk(sharp(data, { raw, limitInputPixels: false }), width, height), 1);
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
  const frameBytes = width * height * info.channels;
  if (data.length !== frameBytes * frames) throw new RangeError('the frames do not add up');
  const rasters: Raster[] = [];
  for (let at = 0; at < data.length; at += frameBytes)
    rasters.push(await shrunkRaster({ data: data.subarray(at, at + frameBytes), width, height, frames: 1, channels: info.channels }));
  const [first] = rasters;
  if (first === undefined) throw new RangeError('the frames do not add up');
  return { ...opaque(first), frames: rasters.flatMap((raster) => opaque(raster).frames) };
}

/** RGB and alpha; sharp makes these four of grey and alpha as well. */
function isSeeThrough({ data, channels }: Raster): boolean {
  if (channels !== 4) return false;
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 255) < 255) return true;
  return false;
}

function withoutAlpha({ data, width, height, frames }: Raster): Raster {
  const rgb = new Uint8Array(width * height * frames * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + 1] ?? 0;
    rgb[to + 2] = data[from + 2] ?? 0;
  }
  return { data: rgb, width, height, frames, channels: 3 };
}

function opaque(raster: Raster): View {
  return { name: 'rgb', width: raster.width, height: raster.height, frames: split(raster, (channel) => channel) };
}

/** As a page shows it; the white one last. */
function onPages(raster: Raster): readonly View[] {
  const on = (page: number) => (channel: number, alpha: number) => Math.round((channel * alpha + page * (255 - alpha)) / 255);
  const { width, height } = raster;
  return [
    { name: 'on_black', width, height, frames: split(raster, on(0)) },
    { name: 'on_white', width, height, frames: split(raster, on(255)) },
  ];
}

/** Cuts the stacked frames apart and keeps three channels; grey is repeated. */
function split({ data, width, height, frames, channels }: Raster, blend: (channel: number, alpha: number) => number): Uint8Array[] {
  const pixels = width * height;
  if (channels === 3) return Array.from({ length: frames }, (_, frame) => data.subarray(frame * pixels * 3, (frame + 1) * pixels * 3));
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
