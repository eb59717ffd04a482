import type { Payload } from './payload.ts';

export interface DetectOptions {
  /**
   * `standard`: the whole picture, any scale, angle, mirror and aspect. `thorough` (default) adds, when that found nothing, parts of the picture, for
   * pictures inside pages and screenshots: about four times the time on a picture without a mark.
   */
  readonly effort?: 'standard' | 'thorough';
}

/** What was done to the picture after it was marked, as the mark shows it; for large pictures relative to the 1-megapixel copy. */
export interface MarkTransform {
  /** Size of the mark to its size when embedded: 0.5 when the picture was shrunk to half. Across and down, before rotation. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Clockwise, −180 to 180. */
  readonly rotationDegrees: number;
  /** Left and right were exchanged, before the rotation. */
  readonly mirrored: boolean;
  /** Colors were inverted. */
  readonly inverted: boolean;
  /** Which part of the picture the mark was read from, as shares of width and height; the whole is 0, 0, 1, 1. */
  readonly part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

export type Detection =
  | {
      readonly kind: 'found';
      readonly payload: Payload;
      /** Epoch of the key that found it. */
      readonly keyEpoch: number;
      /** 1 − (bound of the chance that a picture without a mark gives such an answer), all attempts counted; above 0.999999999. */
      readonly confidence: number;
      /** How far the synchronization stands above chance, in standard deviations; at least `SYNC_GATE`. */
      readonly syncZ: number;
      /** Share of code bits that came through right, 0.5–1. */
      readonly bitAgreement: number;
      readonly transform: MarkTransform;
    }
  | {
      readonly kind: 'absent';
      /** Best synchronization seen, in standard deviations; on pictures without a mark about 4.7. */
      readonly syncZ: number;
    }
  /** Nothing can be said: too few pixels for any mark. */
  | { readonly kind: 'unreadable'; readonly reason: 'too_small' };
