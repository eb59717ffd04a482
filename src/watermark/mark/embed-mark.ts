import type { Embedding, EmbedOptions } from '../embedding.ts';
import { giveBack } from '../kernels/kernel-memory.ts';
import type { MarkKey } from '../mark-key.ts';
import { isPayload, type Payload } from '../payload.ts';
import { assertRaster, type Raster } from '../raster.ts';
import { canonicalLuma, canonicalSize } from '../signal/canonical-scale.ts';
import { addResidual } from './add-residual.ts';
import { expectedMarginDb, robustnessOf } from './expected-margin.ts';
import { type Layout, layoutOf } from './layout.ts';
import { encodePayload } from './message.ts';
import { amplitudeOf, type Texture, textureOf } from './perceptual-mask.ts';
import { placeTile } from './place-tile.ts';
import { canonicalRows, enlargedRows } from './residual-rows.ts';
import { defaultPsnrDb, strengthWithin } from './strength.ts';
import { effectOf, histogramOf } from './texture-histogram.ts';
import { synthesizeTile } from './tile.ts';

const LEAST_SIDE = 64;
/** A raster of that size is 200 MB with alpha; the file limits of the gateway are the same. */
const MAX_PIXELS = 50_000_000;

const layouts = new WeakMap<MarkKey, Layout>();

/** See `embed` in watermark.ts. */
export function embedMark(raster: Raster, payload: Payload, key: MarkKey, { minPsnrDb }: EmbedOptions): Embedding {
  assertRaster(raster);
  if (!isPayload(payload)) throw new RangeError('a payload is 16 lower-case hexadecimal digits');
  const { width, height } = raster;
  if (Math.min(width, height) < LEAST_SIDE) return { kind: 'not_markable', reason: 'too_small' };
  if (width * height > MAX_PIXELS) return { kind: 'not_markable', reason: 'too_large' };
  if (opaquePixels(raster) < LEAST_SIDE * LEAST_SIDE) return { kind: 'not_markable', reason: 'transparent' };
  const layout = layouts.get(key) ?? layoutOf(key);
  layouts.set(key, layout);
  const luma = canonicalLuma(raster);
  const texture = textureOf(luma);
  try {
    const tile = placeTile(synthesizeTile(layout, encodePayload(payload, layout)), luma, texture.variance, layout);
    return markIn(raster, texture, tile, minPsnrDb);
  } finally {
    giveBack(texture.values);
  }
}

function markIn(raster: Raster, texture: Texture, tile: Float32Array, minPsnrDb: number | undefined): Embedding {
  const { width, height } = raster;
  const size = canonicalSize(raster);
  const pixels = size.width * size.height;
  const histogram = histogramOf(texture);
  const strength = strengthWithin(histogram, minPsnrDb ?? defaultPsnrDb(pixels), pixels);
  const rows = canonicalRows(tile, amplitudeOf(texture, strength));
  const marked = addResidual(raster, size.width === width && size.height === height ? rows : enlargedRows(rows, size, raster));
  const marginDb = expectedMarginDb(effectOf(histogram, strength), pixels);
  return { kind: 'marked', ...marked, strength: strength.slope, marginDb, robustness: robustnessOf(marginDb, pixels) };
}

function opaquePixels({ data, channels }: Raster): number {
  if (channels === 1 || channels === 3) return data.length / channels;
  let count = 0;
  for (let at = channels - 1; at < data.length; at += channels) if (data[at] === 255) count++;
  return count;
}
