import sharp from 'sharp';
import type { ImageFormat } from '../contracts/submission.ts';
import { decodeRaster } from './decode-raster.ts';
import type { Embedding, NotMarkableReason } from './embedding.ts';
import { encodeRaster, type MarkedFormat } from './encode-raster.ts';
import { labelRaster } from './label-raster.ts';
import type { LabelStyle } from './label-style.ts';
import { encodeSketch } from './likeness/sketch.ts';
import { sketchPicture } from './likeness/sketch-picture.ts';
import type { MarkKey } from './mark-key.ts';
import type { Payload } from './payload.ts';
import type { Raster } from './raster.ts';
import { withoutOldMark } from './remove-mark.ts';
import { run as drawLabel } from './visible-label-job.ts';
import { detect, embed } from './watermark.ts';

export interface FinishInput {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  /** Null: no visible label. */
  readonly label: LabelStyle | null;
  /** Null: no invisible mark. */
  readonly mark: {
    readonly payload: Payload;
    readonly key: MarkKey;
    /** Keys of marks that the picture may hold already, because it was made from a picture of ours. Empty: nobody looks. */
    readonly earlierKeys: readonly MarkKey[];
  } | null;
  readonly maxPixels: number;
}

/** Besides what the core says: a format or an animation that we do not mark, or an earlier mark that stays the stronger one. */
export type UnmarkedReason = NotMarkableReason | 'format' | 'animated' | 'undecodable' | 'earlier_mark';

type Marked = Extract<Embedding, { kind: 'marked' }>;

export type MarkOutcome =
  | ({
      readonly kind: 'marked';
      /** Of what was marked; see `encodeSketch`. */
      readonly sketch: Uint8Array;
      /** An earlier mark was there and was taken out, or drowned. */
      readonly hadEarlierMark: boolean;
    } & Omit<Marked, 'kind' | 'raster'>)
  | { readonly kind: 'not_markable'; readonly reason: UnmarkedReason };

export interface FinishOutput {
  /** The same object's bytes when nothing had to be drawn. */
  readonly bytes: Uint8Array | null;
  readonly mark: MarkOutcome | null;
}

const MARKED: Readonly<Partial<Record<ImageFormat, MarkedFormat>>> = { png: 'png', jpeg: 'jpeg', webp: 'webp', avif: 'avif' };

/**
 * Visible label, then invisible mark: one decode, one encode, and one more decode of what is compressed, to read the mark back. A mark that did not survive
 * its own encoding is not claimed. Runs in a worker process.
 */
export async function run(input: FinishInput): Promise<FinishOutput> {
  const { bytes, mark, maxPixels } = input;
  if (mark === null) return unmarked(input, null);
  const format = MARKED[input.format];
  if (format === undefined) return unmarked(input, 'format');
  if (await isAnimated(bytes)) return unmarked(input, 'animated');
  let raster: Raster;
  try {
    raster = await decodeRaster(bytes, maxPixels);
  } catch {
    return unmarked(input, 'undecodable');
  }
  const clean = withoutOldMark(raster, mark.earlierKeys);
  const shown = input.label === null ? clean.raster : await labelRaster(clean.raster, input.label);
  const made = await markAndEncode(shown, mark, format, maxPixels);
  if (made.kind === 'not_markable') return unmarked(input, made.reason);
  const { encoded, kind, psnrDb, strength, marginDb, robustness, raster: marked } = made;
  const sketch = encodeSketch(sketchPicture(marked));
  return { bytes: encoded, mark: { kind, psnrDb, strength, marginDb, robustness, sketch, hadEarlierMark: clean.hadMark || made.again } };
}

/** Twice where an earlier mark answers instead of the new one: that adds to the new one what it lacked. */
async function markAndEncode(raster: Raster, { payload, key }: NonNullable<FinishInput['mark']>, format: MarkedFormat, maxPixels: number) {
  let from = raster;
  let reason: UnmarkedReason = 'no_room';
  for (const again of [false, true]) {
    const embedding = embed(from, payload, key);
    if (embedding.kind === 'not_markable') return embedding;
    const encoded = await encodeRaster(embedding.raster, format);
    const back = format === 'png' ? embedding.raster : await decodeRaster(encoded, maxPixels);
    const seen = detect(back, [key], { effort: 'standard' });
    if (seen.kind === 'found' && seen.payload === payload) return { ...embedding, encoded, again };
    if (seen.kind !== 'found') break;
    from = embedding.raster;
    reason = 'earlier_mark';
  }
  return { kind: 'not_markable', reason } as const;
}

async function unmarked({ bytes, format, label }: FinishInput, reason: UnmarkedReason | null): Promise<FinishOutput> {
  const mark: MarkOutcome | null = reason === null ? null : { kind: 'not_markable', reason };
  return { bytes: label === null ? null : await drawLabel({ bytes, format, style: label }), mark };
}

async function isAnimated(bytes: Uint8Array): Promise<boolean> {
  const { pages = 1 } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return pages > 1;
}
