import { decodeRaster } from './decode-raster.ts';
import type { Embedding, EmbedOptions } from './embedding.ts';
import { encodeRaster, type MarkedFormat } from './encode-raster.ts';
import type { MarkKey } from './mark-key.ts';
import type { Payload } from './payload.ts';
import type { Raster } from './raster.ts';
import { detect, embed } from './watermark.ts';

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
  const encoded = await encodeRaster(marked, format);
  const seen = detect(await decodeRaster(encoded, maxPixels), [key], { effort: 'standard' });
  if (seen.kind !== 'found' || seen.payload !== payload) return { kind: 'not_markable', reason: 'no_room' };
  return { ...facts, bytes: encoded };
}
