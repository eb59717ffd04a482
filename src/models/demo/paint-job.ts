import sharp from 'sharp';
import { collage } from './collage.ts';
import type { Commission, Painted } from './commission.ts';
import { encodeAnimation, encodeStill } from './encode.ts';
import { naturalSize, openPicture, UnreadableInput } from './open-picture.ts';
import { readBrief } from './painting/brief.ts';
import { paintSvg } from './painting/paint.ts';
import { type Size, scaled } from './picture-size.ts';
import { paintAt, type Raster, resized } from './raster.ts';
import { freedBox, retouch } from './retouch.ts';
import { rework } from './rework.ts';
import { vary } from './vary.ts';

const SQUARE: Size = { width: 1024, height: 1024 };

/** Things sway as a sine does: from its zero, two frames of six would be the same. */
const LOOP_OFFSET = 0.3;

sharp.cache(false);
sharp.concurrency(1);

/** Runs in the worker pool: makes one picture, from the prompt or from pictures that came with it. */
export async function run(commission: Commission): Promise<Painted> {
  try {
    const size = commission.size ?? (await sizeOfInput(commission));
    return { kind: 'painted', ...size, bytes: await fileOf(commission, size) };
  } catch (error) {
    if (error instanceof UnreadableInput) return { kind: 'unreadable' };
    throw error;
  }
}

async function sizeOfInput({ operation, images }: Commission): Promise<Size> {
  const [first] = images;
  return operation === 'generate' || first === undefined ? SQUARE : naturalSize(first);
}

async function fileOf(commission: Commission, size: Size): Promise<Uint8Array<ArrayBuffer>> {
  const { format, draft, transparent, frames, frameDurationMs } = commission;
  if (draft < 1) return encodeStill(await resized(await picture(commission, scaled(size, draft)), size), commission);
  if (format === 'svg') return new TextEncoder().encode(paintSvg(briefOf(commission), { ...size, cutOut: transparent }));
  if (format !== 'gif') return encodeStill(await picture(commission, size), commission);
  const moments = Array.from({ length: frames }, (_, frame) => (frame + LOOP_OFFSET) / frames);
  const made: Raster[] = [];
  // A palette of 256 colors shows nothing that the low quality does not have.
  for (const moment of moments) made.push(await paintAt(briefOf(commission), size, { quality: 'low', transparent, moment }));
  return encodeAnimation(made, frameDurationMs);
}

function briefOf({ prompt, seed, index }: Commission) {
  return readBrief(prompt, seed, index);
}

async function picture(commission: Commission, size: Size): Promise<Raster> {
  const [first] = commission.images;
  if (commission.operation === 'generate' || first === undefined) return paintAt(briefOf(commission), size, commission);
  if (commission.operation === 'edit') return edited(commission, first, size);
  return vary(await openPicture(first, size), `${commission.seed}|${commission.index}`);
}

/**
 * With a mask, the freed part of the first picture is filled: with a painting of the prompt, or with the other pictures.
 * Without one, a single picture takes the prompt's colors, and several become a collage.
 */
async function edited(commission: Commission, first: Uint8Array, size: Size): Promise<Raster> {
  const { images, mask, quality } = commission;
  const brief = briefOf(commission);
  if (mask === null) return images.length > 1 ? collage(images, size, brief) : rework(await openPicture(first, size), brief, quality);
  const base = await openPicture(first, size);
  const frame = await openPicture(mask, size);
  const box = freedBox(frame);
  if (box === undefined) return base;
  const others = images.slice(1);
  const patch = others.length > 0 ? await collage(others, box, brief) : await paintAt(brief, box, { quality });
  return retouch(base, frame, patch, box);
}
