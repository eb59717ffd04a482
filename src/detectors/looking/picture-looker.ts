import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../containers/container-report.ts';
import { LostJob } from '../lost-job.ts';
import { oncePerFile } from '../once-per-file.ts';
import { type Effort, type LookInput, type Sight, sightSchema } from './sight.ts';

/** Looks at pictures with the neural networks, for all detectors at once. */
export interface PictureLooker {
  /**
   * Asking again for the same bytes object and effort gives the same answer without a second look.
   * @throws LostJob when the pool lost the job: nobody knows what the picture shows. Rejects when `signal` aborts.
   */
  look(bytes: Uint8Array, effort: Effort, signal?: AbortSignal): Promise<Sight>;
}

interface LookerParts {
  /** A pool of its own: what waits for a decode must not wait behind a network, and its processes are larger. */
  readonly pool: WorkerPool;
  readonly limits?: FileLimits;
  /** For one picture, queue and a cold start included. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;

export function createPictureLooker({ pool, limits = DEFAULT_LIMITS, deadlineMs = DEADLINE_MS }: LookerParts): PictureLooker {
  const lookAt = (effort: Effort) => async (bytes: Uint8Array) => {
    const outcome = await pool.run<LookInput, Sight>({
      module: jobModule(import.meta.url, './look-job'),
      input: { bytes, limits, effort },
      deadlineMs,
      parse: (output) => sightSchema.parse(output),
    });
    if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
    return outcome.output;
  };
  const looks = { standard: oncePerFile(lookAt('standard')), thorough: oncePerFile(lookAt('thorough')) };
  return { look: (bytes, effort, signal) => looks[effort](bytes, signal) };
}
