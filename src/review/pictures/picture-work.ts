import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import type { PictureWork, PictureWorkDone } from './picture-work-job.ts';

const done = z.object({ bytes: z.instanceof(Uint8Array), width: z.int().positive(), height: z.int().positive() });
const DEADLINE_MS = 15_000;
const MAX_PIXELS = 100_000_000;

/** Decoding happens in a process of its own, with a deadline. @throws ImprimaturError EVIDENCE_UNREADABLE when the picture cannot be decoded whole */
export async function workOnPicture(pool: WorkerPool, work: WorkOf): Promise<PictureWorkDone> {
  const outcome = await pool.run<PictureWork, PictureWorkDone>({
    module: jobModule(import.meta.url, './picture-work-job'),
    input: { ...work, maxPixels: MAX_PIXELS },
    deadlineMs: DEADLINE_MS,
    parse: (output) => done.parse(output),
  });
  if (outcome.kind !== 'done') throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `a picture for review: ${outcome.kind}` });
  return outcome.output;
}

type Without<T> = T extends unknown ? Omit<T, 'maxPixels'> : never;
type WorkOf = Without<PictureWork>;
