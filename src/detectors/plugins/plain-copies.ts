import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { DEFAULT_LIMITS } from '../containers/container-report.ts';
import { LostJob } from '../lost-job.ts';
import { oncePerFile } from '../once-per-file.ts';
import type { PlainCopy } from './picture-service.ts';
import { type PlainCopies, type PlainCopiesInput, plainCopiesSchema } from './plain-copy.ts';

/** What may leave the house of a picture, made once for all services. `undefined`: it cannot be decoded. @throws LostJob */
export type CopyPlainly = (bytes: Uint8Array, signal?: AbortSignal) => Promise<readonly PlainCopy[] | undefined>;

const DEADLINE_MS = 8_000;

export function createPlainCopier(pool: WorkerPool): CopyPlainly {
  return oncePerFile(async (bytes) => {
    const outcome = await pool.run<PlainCopiesInput, PlainCopies>({
      module: jobModule(import.meta.url, './plain-copies-job'),
      input: { bytes, limits: DEFAULT_LIMITS },
      deadlineMs: DEADLINE_MS,
      parse: (output) => plainCopiesSchema.parse(output),
    });
    if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
    if (outcome.output.kind === 'unreadable') return undefined;
    return outcome.output.jpegs.map((jpeg) => {
      const base64 = Buffer.from(jpeg).toString('base64');
      return { base64, dataUrl: `data:image/jpeg;base64,${base64}` };
    });
  });
}
