import sharp from 'sharp';
import type { ImageFormat } from '../contracts/submission.ts';

export interface LabelInput {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
}

/** Share of the shorter side, and the least size at which two letters can be read. */
const BADGE_SHARE = 0.07;
const LEAST_BADGE_PX = 20;

/** Runs in a worker process. GIF frames each get the badge: a frame without it would be an unlabelled picture. */
export async function run({ bytes, format }: LabelInput): Promise<Uint8Array> {
  const picture = sharp(bytes, { animated: true, limitInputPixels: 268_402_689 });
  const { width, height, pages = 1, pageHeight = height } = await picture.metadata();
  const size = Math.min(Math.max(LEAST_BADGE_PX, Math.round(Math.min(width, pageHeight) * BADGE_SHARE)), Math.min(width, pageHeight));
  const margin = Math.min(Math.round(size / 3), width - size, pageHeight - size);
  const badge = Buffer.from(badgeSvg(size));
  const places = Array.from({ length: pages }, (_, page) => ({
    input: badge,
    left: width - size - margin,
    top: page * pageHeight + pageHeight - size - margin,
  }));
  const labeled = picture.composite(places);
  return format === 'jpeg' ? labeled.jpeg({ quality: 92 }).toBuffer() : labeled.toFormat(format === 'svg' ? 'png' : format).toBuffer();
}

/** Letters as strokes: the machine may have no fonts. White on dark with a light rim reads on any background. */
function badgeSvg(size: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 40 40">
    <rect x="1.5" y="1.5" width="37" height="37" rx="9" fill="#111827" fill-opacity=".82" stroke="#fff" stroke-opacity=".75" stroke-width="1.5"/>
    <path d="M9 29 L16 11 L23 29 M11.6 22.6 H20.4 M30 11 V29" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/>
  </svg>`;
}
