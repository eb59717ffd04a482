import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import type { Raster } from '../looking/pyramid.ts';
import { spread } from '../looking/spread.ts';
import type { PlainCopies, PlainCopiesInput } from './plain-copy.ts';

sharp.cache(false);
sharp.concurrency(1);

/** Of an animation this many frames are sent, spread evenly. */
const MOST_FRAMES = 3;
/** Azure refuses pictures with a side of less than 50 pixels. */
const LEAST_SIDE_PX = 64;
const QUALITY = 85;

/** Runs in the worker pool. What goes out is made of pixels alone: nothing that stood in the file beside them is in it. */
export async function run({ bytes, limits }: PlainCopiesInput): Promise<PlainCopies> {
  if (readContainer(bytes, limits).kind === 'refused') return { kind: 'unreadable' };
  const decoded = await decodeFrames(bytes, limits.maxPixelsAllFrames);
  if (decoded === undefined) return { kind: 'unreadable' };
  const frames = decoded.views.flatMap((view) => spread(view, MOST_FRAMES));
  return { kind: 'copies', jpegs: await Promise.all(frames.map(async (frame) => new Uint8Array(await jpegOf(frame)))) };
}

function jpegOf({ width, height, rgb }: Raster): Promise<Buffer> {
  const [wide, high] = [Math.max(width, LEAST_SIDE_PX), Math.max(height, LEAST_SIDE_PX)];
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } });
  const large = wide === width && high === height ? picture : picture.resize(wide, high, { fit: 'fill' });
  return large.jpeg({ quality: QUALITY }).toBuffer();
}
