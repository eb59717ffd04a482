import { z } from 'zod';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../containers/container-report.ts';
import type { Effort } from '../looking/sight.ts';
import { LostJob } from '../lost-job.ts';
import { oncePerFile } from '../once-per-file.ts';

export interface ReadTextInput {
  readonly bytes: Uint8Array;
  readonly limits: FileLimits;
  readonly effort: Effort;
}

const drawnTextSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('read'),
    /** One for each frame that shows text of its own, in each view of it. */
    texts: z.array(z.string().max(4_000)).max(9).readonly(),
    /** False where a frame has more lines than are read. */
    isWhole: z.boolean(),
  }),
  z.object({ kind: z.literal('unreadable') }),
]);

/** The text that is drawn in a picture. `unreadable`: the file was refused or cannot be decoded. */
export type DrawnText = z.output<typeof drawnTextSchema>;

/** @throws LostJob when the pool lost the job. Rejects when `signal` aborts */
export type ReadDrawnText = (bytes: Uint8Array, effort: Effort, signal?: AbortSignal) => Promise<DrawnText>;

/** For one picture, queue and a cold start included; a page full of text takes two seconds. */
const DEADLINE_MS = 15_000;

export function createTextReader({
  pool,
  deadlineMs = DEADLINE_MS,
}: {
  readonly pool: WorkerPool;
  readonly deadlineMs?: number;
}): ReadDrawnText {
  const readAt = (effort: Effort) =>
    oncePerFile(async (bytes) => {
      const outcome = await pool.run<ReadTextInput, DrawnText>({
        module: jobModule(import.meta.url, './read-text-job'),
        input: { bytes, limits: DEFAULT_LIMITS, effort },
        deadlineMs,
        parse: (output) => drawnTextSchema.parse(output),
      });
      if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
      return outcome.output;
    });
  const readers = { standard: readAt('standard'), thorough: readAt('thorough') };
  return (bytes, effort, signal) => readers[effort](bytes, signal);
}
