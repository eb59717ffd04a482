import { z } from 'zod';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { DetectOptions } from './detection.ts';
import type { Likeness } from './likeness/likeness.ts';
import type { LikenessInput } from './likeness/likeness-job.ts';
import type { MarkKey } from './mark-key.ts';
import type { ReadMarkInput } from './read-mark-job.ts';
import { type SeenMark, seenMarkSchema } from './seen-mark.ts';

/** Looks for our mark in a file, and tells marks of a picture from marks that were copied into another. All in the pool. */
export interface MarkReader {
  read(bytes: Uint8Array, options: DetectOptions): Promise<SeenMark>;
  /** How alike what bears the mark is to each record, in their order; null when that could not be told. */
  compare(records: readonly Uint8Array[], seen: Extract<SeenMark, { kind: 'found' }>): Promise<readonly Likeness[] | null>;
}

const DEADLINE_MS = 30_000;

const likenessSchema = z.array(
  z.object({ verdict: z.enum(['same', 'different', 'unsure']), z: z.number(), cells: z.number(), agreement: z.number().min(-1).max(1) }),
);

export function createMarkReader({ pool, keys }: { readonly pool: WorkerPool; readonly keys: readonly MarkKey[] }): MarkReader {
  return {
    async read(bytes, options) {
      const outcome = await pool.run<ReadMarkInput, SeenMark>({
        module: jobModule(import.meta.url, './read-mark-job'),
        input: { bytes, keys, options },
        deadlineMs: DEADLINE_MS,
        parse: (output) => seenMarkSchema.parse(output),
      });
      return outcome.kind === 'done' ? outcome.output : { kind: 'unreadable', reason: outcome.kind };
    },
    async compare(records, { sketch, detection }) {
      const outcome = await pool.run<LikenessInput, readonly Likeness[]>({
        module: jobModule(import.meta.url, './likeness/likeness-job'),
        input: { records, seen: sketch, inverted: detection.transform.inverted },
        deadlineMs: DEADLINE_MS,
        parse: (output) => likenessSchema.length(records.length).parse(output),
      });
      return outcome.kind === 'done' ? outcome.output : null;
    },
  };
}
