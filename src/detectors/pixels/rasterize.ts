import { z } from 'zod';
import type { ImageFormat } from '../../contracts/submission.ts';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { type ContainerFormat, DEFAULT_LIMITS, type FileLimits } from '../containers/container-report.ts';
import { sniffFormat } from '../containers/sniff.ts';
import { LostJob } from '../lost-job.ts';
import type { RasterizeInput, RasterizeOutput } from './rasterize-job.ts';

export interface Raster {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  /** False when the bytes are those that came in. */
  readonly changed: boolean;
}

interface RasterizerParts {
  readonly pool: WorkerPool;
  readonly limits?: FileLimits;
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;

/** What each format becomes. PNG, JPEG, WebP and AVIF are plain pixels already. */
const TARGET: Readonly<Partial<Record<ContainerFormat, 'png' | 'gif'>>> = { svg: 'png', gif: 'gif', tiff: 'png' };
const FORMAT: Readonly<Record<ContainerFormat, ImageFormat>> = {
  png: 'png',
  jpeg: 'jpeg',
  webp: 'webp',
  gif: 'gif',
  svg: 'svg',
  avif: 'avif',
  tiff: 'png',
  bmp: 'png',
};

const outputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raster'), bytes: z.instanceof(Uint8Array) }),
  z.object({ kind: z.literal('undecodable') }),
]);

/**
 * Turns SVG and TIFF into PNG and re-encodes GIF, in the pool. Files that `readContainer` refuses, and files that
 * turn out undecodable, come back as they are, under the format that they claim (PNG when there is none): the
 * `file-sanity` check is the one to report them.
 * @throws LostJob when the pool lost the job: an SVG must not go on in place of its raster
 */
export function createRasterizer({
  pool,
  limits = DEFAULT_LIMITS,
  deadlineMs = DEADLINE_MS,
}: RasterizerParts): (bytes: Uint8Array) => Promise<Raster> {
  return async (bytes) => {
    const claimed = sniffFormat(bytes);
    const to = claimed === undefined ? undefined : TARGET[claimed];
    const asItIs: Raster = { bytes, format: claimed === undefined ? 'png' : FORMAT[claimed], changed: false };
    if (to === undefined) return asItIs;
    const outcome = await pool.run<RasterizeInput, RasterizeOutput>({
      module: jobModule(import.meta.url, './rasterize-job'),
      input: { bytes, to, limits },
      deadlineMs,
      parse: (output) => outputSchema.parse(output),
    });
    if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
    return outcome.output.kind === 'raster' ? { bytes: outcome.output.bytes, format: to, changed: true } : asItIs;
  };
}
