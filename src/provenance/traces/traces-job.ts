import sharp from 'sharp';
import { type ContainerReport, DEFAULT_LIMITS } from '../../detectors/containers/container-report.ts';
import type { Container } from '../../detectors/containers/read-container.ts';
import { decodePicture, viewsOf } from '../../detectors/pixels/decode-picture.ts';
import { inspectPixels } from '../../detectors/pixels/inspect-pixels.ts';
import type { Inspection } from '../../detectors/pixels/inspection.ts';
import { decodeStored, type StoredPicture } from '../../detectors/pixels/stored-picture.ts';
import { uprightRaster } from '../../watermark/decode-raster.ts';
import { type ReadMarkOutput, readMark } from '../../watermark/read-mark-job.ts';
import { type MarkQuestion, seeMark } from '../../watermark/see-mark.ts';
import { findStableDiffusionMark } from '../foreign/dwt-dct.ts';
import type { FileMetadata } from '../foreign/file-metadata.ts';
import { readHiddenMetadata } from '../foreign/hidden-metadata.ts';
import { type FileReading, readFileMetadata } from '../foreign/read-file-metadata.ts';

export interface TracesInput {
  readonly bytes: Uint8Array;
  /** Null: only fields are read, no pixels. */
  readonly mark: MarkQuestion | null;
  /** Of larger pictures the lowest bits are not read. */
  readonly maxForeignPixels: number;
}

/** As `FileTraces` before it is parsed. */
export interface TracesOutput {
  readonly metadata: FileMetadata;
  readonly pixels: { readonly inspection: Inspection; readonly mark: ReadMarkOutput } | null;
}

type Sound = Extract<Container, { kind: 'sound' }>;

sharp.cache(false);
sharp.concurrency(1);

/** Formats whose pixels can hold a mark of the lowest bits. An animation is none that the known programs write. */
const STILLS: ReadonlySet<ContainerReport['format']> = new Set(['png', 'webp', 'jpeg', 'avif', 'tiff']);

/**
 * Runs in the worker pool: the file is somebody else's. One structural parse, and of a still picture one decode, for all that is asked of it.
 * A picture that cannot be decoded keeps what its fields say.
 */
export async function run(input: TracesInput): Promise<TracesOutput> {
  const { bytes, mark } = input;
  const reading = readFileMetadata(bytes);
  const { container, metadata } = reading;
  if (mark === null) return { metadata, pixels: null };
  if (container.kind === 'refused') {
    const { problems, texts } = container;
    const reason = problems[0]?.code ?? 'unsound';
    return { metadata, pixels: { inspection: { kind: 'refused', problems, texts }, mark: { kind: 'unsound', reason } } };
  }
  return lookAtPixels(input, mark, { container, metadata });
}

async function lookAtPixels(
  { bytes, maxForeignPixels }: TracesInput,
  question: MarkQuestion,
  reading: { readonly container: Sound; readonly metadata: FileMetadata },
): Promise<Pick<TracesOutput, 'metadata' | 'pixels'>> {
  const { container, metadata } = reading;
  const still = STILLS.has(container.report.format) ? await decodeOnce(bytes) : null;
  if (still === 'undecodable') {
    const inspection = inspectPixels(container, { kind: 'undecodable' });
    const problems = [...metadata.problems, 'malformed:undecodable'];
    return { metadata: { ...metadata, problems }, pixels: { inspection, mark: { kind: 'undecodable' } } };
  }
  if (still === null) {
    const inspection = inspectPixels(container, await decodePicture(bytes, DEFAULT_LIMITS.maxPixelsAllFrames));
    return { metadata, pixels: { inspection, mark: await readMark(bytes, question) } };
  }
  return {
    metadata: still.width * still.height > maxForeignPixels ? metadata : withPixels(bytes, reading, still),
    pixels: {
      inspection: inspectPixels(container, await viewsOf(still)),
      mark: seeMark(await uprightRaster(still), question),
    },
  };
}

async function decodeOnce(bytes: Uint8Array): Promise<StoredPicture | 'undecodable' | null> {
  try {
    return await decodeStored(bytes, DEFAULT_LIMITS.maxPixels);
  } catch {
    return 'undecodable';
  }
}

/** What others have hidden in the lowest bits. Grey pictures hold none. */
function withPixels(bytes: Uint8Array, { metadata }: Pick<FileReading, 'metadata'>, still: StoredPicture): FileMetadata {
  if (still.channels < 3) return { ...metadata, watermarks: [] };
  const hidden = readHiddenMetadata(still);
  const all = hidden.length === 0 ? metadata : readFileMetadata(bytes, hidden).metadata;
  return { ...all, watermarks: findStableDiffusionMark(still) };
}
