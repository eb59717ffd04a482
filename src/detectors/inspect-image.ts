import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { DEFAULT_LIMITS, type FileLimits } from './containers/container-report.ts';
import { LostJob } from './lost-job.ts';
import { oncePerFile } from './once-per-file.ts';
import { type InspectInput, type Inspection, inspectionSchema } from './pixels/inspection.ts';

/** Opens pictures for all detectors. */
export interface ImageInspector {
  /**
   * All in the pool: structure first, then the pixels, and only of a file that passed. Asking again for
   * the same bytes object gives the same answer without a second decode. Bytes must not change afterwards.
   * @throws LostJob when the pool lost the job; that answer is not remembered. Rejects when `signal` aborts.
   */
  inspect(bytes: Uint8Array, signal?: AbortSignal): Promise<Inspection>;
  /** Whoever has inspected these bytes in a job of his own spares others the same work. */
  remember(bytes: Uint8Array, inspection: Inspection): void;
}

interface InspectorParts {
  readonly pool: WorkerPool;
  readonly limits?: FileLimits;
  /** For one file, queue included. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 8_000;

export function createImageInspector({ pool, limits = DEFAULT_LIMITS, deadlineMs = DEADLINE_MS }: InspectorParts): ImageInspector {
  const inspect = oncePerFile((bytes) => openFile(bytes, { pool, limits, deadlineMs }));
  return { inspect, remember: inspect.remember };
}

async function openFile(bytes: Uint8Array, { pool, limits, deadlineMs }: Required<InspectorParts>): Promise<Inspection> {
  const outcome = await pool.run<InspectInput, Inspection>({
    module: jobModule(import.meta.url, './pixels/inspect-job'),
    input: { bytes, limits },
    deadlineMs,
    parse: (output) => inspectionSchema.parse(output),
  });
  if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
  return outcome.output;
}
