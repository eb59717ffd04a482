import type { Detection, DetectOptions } from './detection.ts';
import type { Embedding, EmbedOptions } from './embedding.ts';
import { embedMark } from './mark/embed-mark.ts';
import type { MarkKey } from './mark-key.ts';
import type { Payload } from './payload.ts';
import type { Raster } from './raster.ts';
import { detectMark } from './read/detect-mark.ts';

/** Names this algorithm in C2PA soft-binding assertions (`alg`). A change that no longer reads old marks gets a new number. */
export const WATERMARK_ALGORITHM = 'org.imprimatur.watermark.tile.1';

/**
 * Marks a picture with 64 bits, invisibly. Pure and synchronous: about 35 ms of CPU at one megapixel, so run it in the worker pool.
 * Look for a mark first (`detect`): of two marks under one key, either may be read later.
 * Order in the gateway: upright, sRGB, visible label, this, encode, sign.
 *
 * @throws RangeError for a payload, key or raster that is malformed
 */
export function embed(raster: Raster, payload: Payload, key: MarkKey, options: EmbedOptions = {}): Embedding {
  return embedMark(raster, payload, key, options);
}

/**
 * Looks for a mark under each key in turn and answers with the first. Blind: needs neither the original nor its size. Pure and synchronous:
 * 10 ms of CPU at one megapixel when nothing was done to the picture, 50 when there is no mark (300 with effort `thorough`), for each key.
 *
 * @throws RangeError for a malformed key or raster
 */
export function detect(raster: Raster, keys: readonly MarkKey[], options: DetectOptions = {}): Detection {
  return detectMark(raster, keys, options);
}
