import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import { pyramidOf, type Raster } from '../looking/pyramid.ts';
import { spread } from '../looking/spread.ts';
import { findText } from './find-text.ts';
import { readLine } from './read-line.ts';
import { inReadingOrder } from './reading-order.ts';
import { mayHoldText } from './text-likeness.ts';
import type { DrawnText, ReadTextInput } from './text-reader.ts';

sharp.cache(false);
sharp.concurrency(1);

/** Of an animation this many frames are read, spread evenly. */
const MOST_FRAMES = 3;
/** Lines of one frame. A page of print has more; what is left over is told. */
const MOST_LINES = 48;
const SURE = 0.6;

/** The larger the picture that the network sees, the smaller the letters that it finds: with 640, from about 20 pixels in 1,024. */
const SIDES = { standard: 640, thorough: 960 } as const;

/** Runs in a process of the detector pool. Opens nothing that `readContainer` refuses. */
export async function run({ bytes, limits, effort }: ReadTextInput): Promise<DrawnText> {
  if (readContainer(bytes, limits).kind === 'refused') return { kind: 'unreadable' };
  const decoded = await decodeFrames(bytes, limits.maxPixelsAllFrames);
  if (decoded === undefined) return { kind: 'unreadable' };
  const texts: string[] = [];
  let isWhole = true;
  for (const frame of decoded.views.flatMap((view) => spread(view, MOST_FRAMES))) {
    const page = await readFrame(frame, SIDES[effort]);
    isWhole &&= page.isWhole;
    if (page.text !== '' && !texts.includes(page.text)) texts.push(page.text);
  }
  return { kind: 'read', texts, isWhole };
}

async function readFrame(frame: Raster, side: number): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  if (!mayHoldText(frame)) return { text: '', isWhole: true };
  const pyramid = pyramidOf(frame);
  const places = await findText(pyramid, { side, most: MOST_LINES + 1 });
  const lines: string[] = [];
  for (const place of inReadingOrder(places.slice(0, MOST_LINES))) {
    const { text, certainty } = await readLine(pyramid, place);
    if (certainty >= SURE) lines.push(text.trim());
  }
  return { text: lines.join(' ').slice(0, 4_000), isWhole: places.length <= MOST_LINES };
}
