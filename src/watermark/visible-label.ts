import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ImageFormat } from '../contracts/submission.ts';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { LabelStyle } from './label-style.ts';
import type { LabelInput } from './visible-label-job.ts';

const DEADLINE_MS = 15_000;
const outputSchema = z.instanceof(Uint8Array);

/** Draws the visible "AI-generated" badge, in the pool. Throws PUBLISH_FAILED when it cannot. */
export function createLabeler({
  pool,
}: {
  readonly pool: WorkerPool;
}): (bytes: Uint8Array, format: ImageFormat, style: LabelStyle) => Promise<Uint8Array> {
  return async (bytes, format, style) => {
    const outcome = await pool.run<LabelInput, Uint8Array>({
      module: jobModule(import.meta.url, './visible-label-job'),
      input: { bytes, format, style },
      deadlineMs: DEADLINE_MS,
      parse: (output) => outputSchema.parse(output),
    });
    if (outcome.kind === 'done') return outcome.output;
    throw new ImprimaturError('PUBLISH_FAILED', { detail: `the visible label could not be drawn: ${outcome.kind}` });
  };
}
