import { DEFAULT_LIMITS } from '../detectors/containers/container-report.ts';
import { readContainer } from '../detectors/containers/read-container.ts';
import { decodeRaster } from './decode-raster.ts';
import type { Raster } from './raster.ts';
import { type MarkAnswer, type MarkQuestion, seeMark } from './see-mark.ts';

export interface ReadMarkInput extends MarkQuestion {
  readonly bytes: Uint8Array;
}

/** `unsound`: the structure of the file speaks against decoding it, for this reason. */
export type ReadMarkOutput = MarkAnswer | { readonly kind: 'unsound'; readonly reason: string };

/** Runs in a worker process: structure first, then one decode for mark and sketch. */
export async function run({ bytes, ...question }: ReadMarkInput): Promise<ReadMarkOutput> {
  const container = readContainer(bytes);
  if (container.kind !== 'sound') return { kind: 'unsound', reason: container.problems[0]?.code ?? 'unsound' };
  return readMark(bytes, question);
}

/** The mark of the first frame of a file whose structure is sound. */
export async function readMark(bytes: Uint8Array, question: MarkQuestion): Promise<MarkAnswer> {
  let raster: Raster;
  try {
    raster = await decodeRaster(bytes, DEFAULT_LIMITS.maxPixels);
  } catch {
    return { kind: 'undecodable' };
  }
  return seeMark(raster, question);
}
