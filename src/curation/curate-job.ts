import sharp from 'sharp';
import { DEFAULT_LIMITS } from '../detectors/containers/container-report.ts';
import { readContainer } from '../detectors/containers/read-container.ts';
import { decodePicture } from '../detectors/pixels/decode-picture.ts';
import { inspectPixels } from '../detectors/pixels/inspect-pixels.ts';
import type { DecodedFacts } from '../detectors/pixels/inspection.ts';
import { wishesInCredential, wishesInXmp } from './owner-wishes.ts';
import type { PictureFacts, PictureHash } from './picture-facts.ts';

export interface CurateInput {
  readonly bytes: Uint8Array;
  /** XMP from the file beside it. */
  readonly xmp: string | null;
}

sharp.cache(false);
sharp.concurrency(1);

/** Runs in the worker pool: everything that can be known of a file by opening it. */
export async function run({ bytes, xmp }: CurateInput): Promise<PictureFacts> {
  const container = readContainer(bytes, DEFAULT_LIMITS);
  const { optOuts, ...said } = wishesInXmp(container.report?.labeled ?? [], xmp);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wishes = { optOuts: [...new Set([...optOuts, ...wishesInCredential(file)])].slice(0, 32), ...said };
  const refused = (problems: readonly { readonly severity: string; readonly code: string }[]): PictureFacts => ({
    kind: 'refused',
    wishes,
    problems: problems.map(({ severity, code }) => `${severity}:${code}`),
  });
  if (container.kind === 'refused') return refused(container.problems);
  const inspection = inspectPixels(container, await decodePicture(bytes, DEFAULT_LIMITS.maxPixelsAllFrames));
  if (inspection.kind === 'refused') return refused(inspection.problems);
  const { format, width, height } = inspection.facts;
  return { kind: 'picture', wishes, format, width, height, ...hashesOf(inspection.facts) };
}

/** The last view of the first frame is what a viewer shows. */
function hashesOf({ pdq, trimmedPdq }: DecodedFacts): { readonly shown: PictureHash; readonly others: readonly PictureHash[] } {
  const shown = pdq.findLast(({ frame }) => frame === 0);
  if (shown === undefined) throw new TypeError('a picture without a first frame');
  const plain = ({ quality, hashes }: PictureHash): PictureHash => ({ quality, hashes });
  return { shown: plain(shown), others: [...pdq.filter((one) => one !== shown), ...trimmedPdq].map(plain) };
}
