import type { Raster } from './raster.ts';

export interface EmbedOptions {
  /**
   * Least PSNR in dB over the color channels, 36–60. Limits the mark in texture only; flat parts keep their floor, which
   * nobody sees. Default: 44.6 at one megapixel and less for smaller pictures, down to 42.2 (`defaultPsnrDb`).
   */
  readonly minPsnrDb?: number;
}

/**
 * What a mark is expected to survive, as the benchmark measured it for each class (docs/watermark.md):
 * `strong` the whole attack list, `fair` recompression at middling quality and half of the picture cut off, `weak` copies, light recompression and
 * simple changes of geometry.
 */
export type Robustness = 'strong' | 'fair' | 'weak';

export type NotMarkableReason =
  /** A side is shorter than the least that holds a mark. */
  | 'too_small'
  /** More pixels than we mark (`MAX_PIXELS`). */
  | 'too_large'
  /** Too few opaque pixels. */
  | 'transparent'
  /** Only from `embedInFile`: marked, encoded, looked for, and not found; there is no room for the mark under the limit of visibility. */
  | 'no_room';

export type Embedding =
  | {
      readonly kind: 'marked';
      /** A new raster of the same size and channels; the one given is unchanged. Alpha is copied, pixels that are not opaque too. */
      readonly raster: Raster;
      /** Of the whole picture, over the color channels, after rounding, in dB; Infinity when nothing changed. */
      readonly psnrDb: number;
      /** Of the mark in weak texture, 0.6 to 2.4: what the limits of PSNR and of structural similarity leave, and no more than it needs. */
      readonly strength: number;
      /** Expected signal above what decoding needs after hard recompression, in dB, from −20; an estimate. */
      readonly marginDb: number;
      readonly robustness: Robustness;
    }
  | { readonly kind: 'not_markable'; readonly reason: NotMarkableReason };
