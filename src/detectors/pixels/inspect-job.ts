import sharp from 'sharp';
import { lumaOf } from '../../registries/pdq/luma.ts';
import { formatPdq } from '../../registries/pdq/pdq-bits.ts';
import { pdqHash } from '../../registries/pdq/pdq-hash.ts';
import { decodePicture, type View } from './decode-picture.ts';
import type { DecodedFacts, FrameHash, InspectInput, InspectOutput } from './inspect-output.ts';

/** Luminance up to which a pixel counts as black: JPEG may leave a level or two above zero. */
const BLACK_LUMA = 8;

sharp.cache(false);
sharp.concurrency(1);

/**
 * Runs in the worker pool. Decodes every frame of one picture and gives all that detectors ask of pixels. A picture
 * that cannot be decoded is an answer, not an error.
 */
export async function run(input: InspectInput): Promise<InspectOutput> {
  const decoded = await decodePicture(input);
  if (decoded.kind === 'undecodable') return decoded;
  const { format, width, height, frames, hasAlpha, views } = decoded;
  const shown = views.at(-1);
  if (shown === undefined) return { kind: 'undecodable' };
  const pdq = views.flatMap((view) => view.frames.map((_, frame) => hashFrame(view, frame)));
  return { kind: 'picture', facts: { format, width, height, frames, hasAlpha, pdq, ...brightness(shown) } };
}

function hashFrame({ name, width, height, frames }: View, frame: number): FrameHash {
  const { orientations, quality } = pdqHash(frames[frame] ?? new Uint8Array(), width, height);
  return { frame, view: name, quality, hashes: orientations.map(formatPdq) };
}

/** Over all frames as a viewer shows them. */
function brightness({ width, height, frames }: View): Pick<DecodedFacts, 'isBlack' | 'meanLuma'> {
  let sum = 0;
  let brightest = 0;
  for (const frame of frames) {
    for (const value of lumaOf(frame, width, height).values) {
      sum += value;
      if (value > brightest) brightest = value;
    }
  }
  return { isBlack: brightest <= BLACK_LUMA, meanLuma: sum / (width * height * frames.length) };
}
