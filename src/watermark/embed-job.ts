import sharp, { type Sharp } from 'sharp';
import { decodeRaster } from './decode-raster.ts';
import type { Embedding, EmbedOptions } from './embedding.ts';
import type { MarkKey } from './mark-key.ts';
import type { Payload } from './payload.ts';
import type { Raster } from './raster.ts';
import { detect, embed } from './watermark.ts';

/** File formats that are written. GIF is not: 256 colors leave no room for the mark. */
export type MarkedFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff';

export interface EmbedInput {
  readonly bytes: Uint8Array;
  readonly payload: Payload;
  readonly key: MarkKey;
  readonly format: MarkedFormat;
  readonly options: EmbedOptions;
  readonly maxPixels: number;
}

type Marked = Extract<Embedding, { kind: 'marked' }>;

export type EmbedOutput =
  | ({ readonly kind: 'marked'; readonly bytes: Uint8Array } & Omit<Marked, 'kind' | 'raster'>)
  | Extract<Embedding, { kind: 'not_markable' }>
  | { readonly kind: 'undecodable' };

/** Color is kept at full size and compression is light: what the mark loses here it lacks later. */
const ENCODERS: Readonly<Record<MarkedFormat, (picture: Sharp) => Sharp>> = {
  png: (picture) => picture.png({ compressionLevel: 6 }),
  jpeg: (picture) => picture.flatten({ background: '#fff' }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  webp: (picture) => picture.webp({ quality: 92 }),
  avif: (picture) => picture.avif({ quality: 80, chromaSubsampling: '4:4:4' }),
  tiff: (picture) => picture.tiff({ compression: 'lzw' }),
};

/** Runs in a worker process. What was written is read again: a mark that did not survive its own encoding is not claimed. */
export async function run({ bytes, payload, key, format, options, maxPixels }: EmbedInput): Promise<EmbedOutput> {
  let raster: Raster;
  try {
    raster = await decodeRaster(bytes, maxPixels);
  } catch {
    return { kind: 'undecodable' };
  }
  const embedding = embed(raster, payload, key, options);
  if (embedding.kind === 'not_markable') return embedding;
  const { raster: marked, ...facts } = embedding;
  const { data, width, height, channels } = marked;
  const encoded = await ENCODERS[format](sharp(data, { raw: { width, height, channels } })).toBuffer();
  const seen = detect(await decodeRaster(encoded, maxPixels), [key], { effort: 'standard' });
  if (seen.kind !== 'found' || seen.payload !== payload) return { kind: 'not_markable', reason: 'no_room' };
  return { ...facts, bytes: new Uint8Array(encoded) };
}
