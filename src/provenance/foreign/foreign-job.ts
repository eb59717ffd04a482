import sharp from 'sharp';
import type { Raster } from './dwt-dct.ts';
import { findStableDiffusionMark } from './dwt-dct.ts';
import type { FileMetadata } from './file-metadata.ts';
import { readHiddenMetadata } from './hidden-metadata.ts';
import { readFileMetadata } from './read-file-metadata.ts';

export interface ForeignInput {
  readonly bytes: Uint8Array;
  /** Pictures with more pixels are read without looking at their pixels. */
  readonly maxPixels: number;
}

sharp.cache(false);
sharp.concurrency(1);

/** Formats whose pixels can hold a mark of the lowest bits. An animation is none that the known programs write. */
const LOOKED_AT: ReadonlySet<string> = new Set(['png', 'webp', 'jpeg', 'avif', 'tiff']);

/** Runs in the worker pool: the file is somebody else's. A picture that cannot be decoded keeps what its fields say. */
export async function run({ bytes, maxPixels }: ForeignInput): Promise<FileMetadata> {
  const { container, metadata } = readFileMetadata(bytes);
  const { report } = container;
  const pixels = (report?.widthPx ?? 0) * (report?.heightPx ?? 0);
  if (container.kind !== 'sound' || report === null || !LOOKED_AT.has(report.format) || report.frames !== 1 || pixels > maxPixels)
    return metadata;
  const raster = await decode(bytes, maxPixels);
  if (raster === 'gray') return { ...metadata, watermarks: [] };
  if (raster === null) return { ...metadata, problems: [...metadata.problems, 'malformed:undecodable'] };
  const hidden = readHiddenMetadata(raster);
  const all = hidden.length === 0 ? metadata : readFileMetadata(bytes, hidden).metadata;
  return { ...all, watermarks: findStableDiffusionMark(raster) };
}

/** As stored: no color management and no multiplication by alpha, either of which would destroy the lowest bits. Gray ones hold no mark. */
async function decode(bytes: Uint8Array, maxPixels: number): Promise<Raster | 'gray' | null> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels }).raw().toBuffer({ resolveWithObject: true });
    if (data.length !== info.width * info.height * info.channels) return null;
    return info.channels < 3 ? 'gray' : { data, width: info.width, height: info.height, channels: info.channels };
  } catch {
    return null;
  }
}
