import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../containers/container-report.ts';
import { LostJob } from '../lost-job.ts';
import { type EditComparison, type EditInput, editSchema } from './edit-comparison.ts';

interface ComparerParts {
  readonly pool: WorkerPool;
  readonly limits?: FileLimits;
  /** For both pictures, queue and a cold start included. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 20_000;

export type CompareEdit = (before: Uint8Array, after: Uint8Array, signal?: AbortSignal) => Promise<EditComparison>;

/**
 * Tells whether an edit took somebody's clothes: the same person, with skin of that person's own color where there was cloth, and none
 * of the cloth's structure left. @throws LostJob when the pool lost the job
 */
export function createEditComparer({ pool, limits = DEFAULT_LIMITS, deadlineMs = DEADLINE_MS }: ComparerParts): CompareEdit {
  return async (before, after, signal) => {
    const outcome = await pool.run<EditInput, EditComparison>(
      {
        module: jobModule(import.meta.url, './edit-job'),
        input: { before, after, limits },
        deadlineMs,
        parse: (output) => editSchema.parse(output),
      },
      signal,
    );
    if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
    return outcome.output;
  };
}
