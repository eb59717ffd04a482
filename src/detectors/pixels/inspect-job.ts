import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { decodePicture } from './decode-picture.ts';
import { inspectPixels } from './inspect-pixels.ts';
import type { InspectInput, Inspection } from './inspection.ts';

sharp.cache(false);
sharp.concurrency(1);

/**
 * Runs in the worker pool. Structure first; then, only for a file that passed, every frame of its picture. A picture that cannot be decoded is an
 * answer, not an error.
 */
export async function run({ bytes, limits }: InspectInput): Promise<Inspection> {
  const container = readContainer(bytes, limits);
  if (container.kind === 'refused') return { kind: 'refused', problems: container.problems, texts: container.texts };
  return inspectPixels(container, await decodePicture(bytes, limits.maxPixelsAllFrames));
}
