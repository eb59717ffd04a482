import sharp, { type Sharp } from 'sharp';
import type { ImageFormat } from '../contracts/submission.ts';
import { type Badge, drawBadge } from './label-badge.ts';
import type { LabelPosition, LabelStyle } from './label-style.ts';

export interface LabelInput {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  readonly style: LabelStyle;
}

const DEFAULT_SIZE = 0.05;
/** Letters of a badge that is lower than this cannot be read. */
const LEAST_HEIGHT_PX = 20;
const MAX_WIDTH_SHARE = 0.7;
/** Share of the badge's height. */
const MARGIN = 0.5;
const LIGHT_FROM = 128;

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** Runs in a worker process. GIF frames each get the badge: a frame without it would be an unlabelled picture. */
export async function run({ bytes, format, style }: LabelInput): Promise<Uint8Array> {
  const picture = sharp(bytes, { animated: true, limitInputPixels: 268_402_689 });
  const { width, height: stacked, pages = 1, pageHeight = stacked } = await picture.metadata();
  const canvas = { width, height: pageHeight };
  const plan = { canvas, style, height: badgeHeight(canvas, style) };
  const [first, second] = [badgeFor(plan, true), badgeFor(plan, false)];
  const place = placeOf(first, canvas, style.position ?? 'bottom-right');
  const badge = (await isLight(bytes, first, place)) ? first : second;
  const input = Buffer.from(badge.svg);
  const composed = picture.composite(
    Array.from({ length: pages }, (_, page) => ({ input, left: place.left, top: page * pageHeight + place.top })),
  );
  return new Uint8Array(await encode(composed, format).toBuffer());
}

function badgeHeight({ width, height }: Canvas, { size = DEFAULT_SIZE }: LabelStyle): number {
  const least = Math.min(width, height);
  return Math.min(Math.max(LEAST_HEIGHT_PX, Math.round(least * size)), least);
}

interface Plan {
  readonly canvas: Canvas;
  readonly style: LabelStyle;
  readonly height: number;
}

function badgeFor({ canvas, style, height }: Plan, onLight: boolean): Badge {
  const maxWidth = Math.max(Math.min(canvas.width, 2 * height), Math.floor(canvas.width * MAX_WIDTH_SHARE));
  return drawBadge({ height, maxWidth, language: style.language ?? 'en', onLight });
}

function placeOf(badge: Badge, canvas: Canvas, position: LabelPosition): { readonly left: number; readonly top: number } {
  const margin = Math.max(0, Math.min(Math.round(badge.height * MARGIN), canvas.width - badge.width, canvas.height - badge.height));
  const [vertical, horizontal] = position.split('-');
  return {
    left: horizontal === 'left' ? margin : canvas.width - badge.width - margin,
    top: vertical === 'top' ? margin : canvas.height - badge.height - margin,
  };
}

/** Of what lies under the badge in the first frame, on white where it is see-through. */
async function isLight(
  bytes: Uint8Array,
  { width, height }: Badge,
  place: { readonly left: number; readonly top: number },
): Promise<boolean> {
  const { channels } = await sharp(bytes, { limitInputPixels: 268_402_689 })
    .extract({ ...place, width, height })
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
