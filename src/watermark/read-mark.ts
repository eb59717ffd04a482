import { z } from 'zod';
import { readContainer } from '../detectors/containers/read-container.ts';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Detection, DetectOptions } from './detection.ts';
import type { Likeness } from './likeness/likeness.ts';
import type { LikenessInput } from './likeness/likeness-job.ts';
import { detectionSchema } from './mark-files.ts';
import type { MarkKey } from './mark-key.ts';
import type { ReadMarkInput, ReadMarkOutput } from './read-mark-job.ts';

type Found = Extract<Detection, { kind: 'found' }>;

export type SeenMark =
  | { readonly kind: 'found'; readonly detection: Found; readonly sketch: Uint8Array }
  | { readonly kind: 'absent' }
  /** Nothing can be said, for this reason: the file could not be opened, is too small, or the work was lost. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Looks for our mark in a file, and tells marks of a picture from marks that were copied into another. All in the pool. */
export interface MarkReader {
  read(bytes: Uint8Array, options: DetectOptions): Promise<SeenMark>;
  /** How alike what bears the mark is to each record, in their order; null when that could not be told. */
  compare(records: readonly Uint8Array[], seen: Extract<SeenMark, { kind: 'found' }>): Promise<readonly Likeness[] | null>;
}

const DEADLINE_MS = 30_000;
const MAX_PIXELS = 50_000_000;

const readSchema = z.union([
  z.object({
    kind: z.literal('found'),
    detection: detectionSchema.refine((detection) => detection.kind === 'found'),
    sketch: z.instanceof(Uint8Array),
  }),
  detectionSchema.refine((detection) => detection.kind !== 'found'),
]);
const likenessSchema = z.array(
  z.object({ verdict: z.enum(['same', 'different', 'unsure']), z: z.number(), cells: z.number(), agreement: z.number().min(-1).max(1) }),
);

export function createMarkReader({ pool, keys }: { readonly pool: WorkerPool; readonly keys: readonly MarkKey[] }): MarkReader {
  return {
    async read(bytes, options) {
      const container = readContainer(bytes);
      if (container.kind !== 'sound') return { kind: 'unreadable', reason: container.problems[0]?.code ?? 'unsound' };
      const outcome = await pool.run<ReadMarkInput, z.output<typeof readSchema>>({
        module: jobModule(import.meta.url, './read-mark-job'),
        input: { bytes, keys, options, maxPixels: MAX_PIXELS },
        deadlineMs: DEADLINE_MS,
        parse: (output) => readSchema.parse(output),
      });
      return outcome.kind === 'done' ? seenOf(outcome.output) : { kind: 'unreadable', reason: outcome.kind };
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

function seenOf(output: ReadMarkOutput): SeenMark {
  if (output.kind === 'found') return output;
  if (output.kind === 'absent') return { kind: 'absent' };
  return { kind: 'unreadable', reason: output.kind === 'unreadable' ? output.reason : output.kind };
}
