import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import type { Raster } from './pyramid.ts';

/** A still is looked at this large, a frame of an animation half as large: 64 of them must fit into memory. */
const STILL_SIDE_PX = 1_024;
const FRAME_SIDE_PX = 512;

/** The frames of a picture as a viewer shows them, made smaller where they are large. */
export interface DecodedFrames {
  /** Of one frame, at full size. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /**
   * As shown on a white page; and, where parts are transparent, with transparency ignored, as many models read it, and as shown on a
   * black page: a picture can hide in either.
   */
  readonly views: readonly (readonly Raster[])[];
}

/** Undefined when it cannot be decoded, or its frames do not add up. */
export async function decodeFrames(bytes: Uint8Array, maxPixelsAllFrames: number): Promise<DecodedFrames | undefined> {
  try {
    const options: SharpOptions = { failOn: 'error', limitInputPixels: maxPixelsAllFrames, sequentialRead: true };
    const facts = await sharp(bytes, { ...options, animated: true }).metadata();
    const frames = facts.pages ?? 1;
    // Frames that stand one below the other cannot be turned; nor does any viewer.
    const opened = sharp(bytes, { ...options, animated: frames > 1, autoOrient: frames === 1 }).toColourspace('srgb');
    const { width, height } = shownSize(facts, frames);
    const views = facts.hasAlpha
      ? await withAlpha(await opened.ensureAlpha().raw().toBuffer({ resolveWithObject: true }), frames)
      : [await rasters(await shrunk(opened, frames).raw().toBuffer({ resolveWithObject: true }), frames)];
    return { width, height, frames, views };
  } catch {
    return undefined;
  }
}

function shownSize({ width, height, pageHeight, orientation = 1 }: Metadata, frames: number): Pick<Raster, 'width' | 'height'> {
  const size = { width, height: pageHeight ?? height };
  return frames === 1 && orientation > 4 ? { width: size.height, height: size.width } : size;
}

function shrunk(picture: Sharp, frames: number): Sharp {
  const side = frames > 1 ? FRAME_SIDE_PX : STILL_SIDE_PX;
  return picture.resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' });
}

interface Raw {
  readonly data: Uint8Array;
  readonly info: { readonly width: number; readonly height: number; readonly channels: number };
}

/** What stands behind a transparent picture; null: nothing does, its colors count as they are stored. */
const BEHIND = [255, null, 0] as const;

async function withAlpha({ data, info }: Raw, frames: number): Promise<Raster[][]> {
  if (info.channels !== 4) throw new RangeError('not red, green, blue and alpha');
  const size = { width: info.width, height: info.height / frames, frames };
  const views: Raster[][] = [];
  // One after another: each takes nearly as much memory as the picture.
  for (const behind of isOpaque(data) ? [null] : BEHIND) views.push(await shrunkFrames(blended(data, behind), size));
  return views;
}

function isOpaque(rgba: Uint8Array): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}

/** Three channels of four. */
function blended(rgba: Uint8Array, behind: (typeof BEHIND)[number]): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = behind === null ? 255 : (rgba[from + 3] ?? 255);
    const back = (behind ?? 0) * (255 - alpha) + 127;
    // Whole numbers: half of 255 never comes up, so adding 127 rounds.
    rgb[to] = ((rgba[from] ?? 0) * alpha + back) / 255;
    rgb[to + 1] = ((rgba[from + 1] ?? 0) * alpha + back) / 255;
    rgb[to + 2] = ((rgba[from + 2] ?? 0) * alpha + back) / 255;
  }
  return rgb;
}

/** One by one: what is raw has no pages. */
async function shrunkFrames(rgb: Uint8Array, { width, height, frames }: Omit<DecodedFrames, 'views'>): Promise<Raster[]> {
  const frameBytes = width * height * 3;
  if (!Number.isInteger(height) || rgb.length !== frameBytes * frames) throw new RangeError('the frames do not add up');
  const found: Raster[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const one = sharp(rgb.subarray(frame * frameBytes, (frame + 1) * frameBytes), {
      raw: { width, height, channels: 3 },
      limitInputPixels: false,
    });
    found.push(...(await rasters(await shrunk(one, frames).raw().toBuffer({ resolveWithObject: true }), 1)));
  }
  return found;
}

/** Cuts stacked frames apart; grey becomes three channels. */
async function rasters({ data, info }: Raw, frames: number): Promise<Raster[]> {
  const { width, channels } = info;
  const height = info.height / frames;
  const frameBytes = width * height * channels;
  if (!Number.isInteger(height) || data.length !== frameBytes * frames) throw new RangeError('the frames do not add up');
  if (channels !== 1 && channels !== 3) throw new RangeError('neither grey nor color');
  return Array.from({ length: frames }, (_, frame) => {
    const part = data.subarray(frame * frameBytes, (frame + 1) * frameBytes);
    return { width, height, rgb: channels === 3 ? part : greyAsColor(part) };
  });
}

function greyAsColor(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (const [at, value] of grey.entries()) rgb.fill(value, at * 3, at * 3 + 3);
  return rgb;
}
