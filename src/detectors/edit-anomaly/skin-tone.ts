import { squareOf } from '../looking/patch.ts';
import type { Place, Pyramid } from '../looking/pyramid.ts';

/** Luma and color differences, 0 to 255, as JPEG has them (ITU-T T.871). */
export interface Tone {
  readonly y: number;
  readonly cb: number;
  readonly cr: number;
}

/** The color of one person's skin in one picture, learned from the cheeks: there is no table of what skin looks like. */
export interface SkinTone {
  readonly middle: Tone;
  /** How far a color difference may be off. */
  readonly reach: Pick<Tone, 'cb' | 'cr'>;
}

const SAMPLES = 32;
/** Cheeks, as shares of a box from above the brow to below the chin: no eyes, nostrils, lips, and little beard. */
const CHEEKS = { left: [0.18, 0.38], right: [0.62, 0.82], height: [0.5, 0.7] } as const;
/** Median deviations that make a reach, and the least: compression alone moves a color that far. */
const DEVIATIONS = 4;
const LEAST_REACH = 6;
/** Shadows and lights on one body; what is darker or lighter is another thing. */
const LUMA_RANGE = [0.4, 1.7] as const;

export function skinToneOf(pyramid: Pyramid, face: Place): SkinTone {
  const square = squareOf(pyramid, face, SAMPLES);
  const tones: Tone[] = [];
  for (let row = 0; row < SAMPLES; row++) {
    for (let column = 0; column < SAMPLES; column++) {
      const [u, v] = [(column + 0.5) / SAMPLES, (row + 0.5) / SAMPLES];
      const onCheek = within(v, CHEEKS.height) && (within(u, CHEEKS.left) || within(u, CHEEKS.right));
      if (onCheek) tones.push(toneAt(square, row * SAMPLES + column));
    }
  }
  const spread = (channel: 'y' | 'cb' | 'cr') => {
    const middle = median(tones.map((tone) => tone[channel]));
    return { middle, reach: Math.max(LEAST_REACH, DEVIATIONS * median(tones.map((tone) => Math.abs(tone[channel] - middle)))) };
  };
  const [y, cb, cr] = [spread('y'), spread('cb'), spread('cr')];
  return { middle: { y: y.middle, cb: cb.middle, cr: cr.middle }, reach: { cb: cb.reach, cr: cr.reach } };
}

export function isSkin({ y, cb, cr }: Tone, { middle, reach }: SkinTone): boolean {
  const [darkest, lightest] = LUMA_RANGE;
  const lit = y >= middle.y * darkest && y <= middle.y * lightest;
  return lit && Math.abs(cb - middle.cb) <= reach.cb && Math.abs(cr - middle.cr) <= reach.cr;
}

/** Of a pixel of interleaved RGB. */
export function toneAt(rgb: Float32Array, pixel: number): Tone {
  const [r = 0, g = 0, b = 0] = rgb.subarray(pixel * 3, pixel * 3 + 3);
  const y = 0.299 * r + 0.587 * g + 0.114 * b;
  return { y, cb: 128 + 0.564 * (b - y), cr: 128 + 0.713 * (r - y) };
}

const within = (value: number, [from, to]: readonly [number, number]) => value >= from && value <= to;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
