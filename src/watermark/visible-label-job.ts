import sharp, { type Sharp } from 'sharp';
import type { ImageFormat } from '../contracts/submission.ts';
import { type LabelPlan, planLabel } from './label-place.ts';
import type { LabelStyle } from './label-style.ts';

export interface LabelInput {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  readonly style: LabelStyle;
}

/** Mean luma from which ground is light. */
export const LIGHT_FROM = 128;

/**
 * Draws the badge and nothing else; for what carries no invisible mark. Runs in a worker process. GIF frames each get the badge: a frame without it would be
 * an unlabelled picture.
 */
export async function run({ bytes, format, style }: LabelInput): Promise<Uint8Array> {
  const picture = sharp(bytes, { animated: true, limitInputPixels: 268_402_689 });
  const { width, height: stacked, pages = 1, pageHeight = stacked } = await picture.metadata();
  const plan = planLabel({ width, height: pageHeight }, style);
  const badge = (await isLight(bytes, plan)) ? plan.onLight : plan.onDark;
  const input = Buffer.from(badge.svg);
  const composed = picture.composite(
    Array.from({ length: pages }, (_, page) => ({ input, left: plan.left, top: page * pageHeight + plan.top })),
  );
  return new Uint8Array(await encode(composed, format).toBuffer());
}

/** Of what lies under the badge in the first frame, on white where it is see-through. */
async function isLight(bytes: Uint8Array, { left, top, onLight: { width, height } }: LabelPlan): Promise<boolean> {
  const { channels } = await sharp(bytes, { limitInputPixels: 268_402_689 })
    .extract({ left, top, width, height })
    .flatten({ background: '#fff' })
    .greyscale()
    .stats();
  return (channels[0]?.mean ?? 255) >= LIGHT_FROM;
}

/** Near the best that a format gives: the picture was coded once already. */
function encode(picture: Sharp, format: ImageFormat): Sharp {
  if (format === 'jpeg') return picture.jpeg({ quality: 92 });
  if (format === 'webp') return picture.webp({ quality: 92 });
  if (format === 'avif') return picture.avif({ quality: 75, effort: 2 });
  return picture.toFormat(format === 'svg' ? 'png' : format);
}
