import { z } from 'zod';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';

const DEADLINE_MS = 15_000;
const kindSchema = z.enum(['native', 'wasm']);

/** What the networks of a pool run on; `unknown` where no process of it could tell, and so could not look at a picture either. */
export async function runtimeOf(pool: WorkerPool): Promise<z.infer<typeof kindSchema> | 'unknown'> {
  const module = jobModule(import.meta.url, './runtime-job');
  const outcome = await pool.run({ module, input: null, deadlineMs: DEADLINE_MS, parse: (output) => kindSchema.parse(output) });
  return outcome.kind === 'done' ? outcome.output : 'unknown';
}
