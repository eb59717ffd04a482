import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { type FileMetadata, fileMetadataSchema, unreadMetadata } from './file-metadata.ts';
import type { ForeignInput } from './foreign-job.ts';

/** Reads what a file says of itself. Never rejects: a file that breaks its reader is `unreadable`, with the reason. */
export type ReadForeign = (
  bytes: Uint8Array,
  options?: { /** Looks for what stands in the pixels, too; otherwise only at fields. */ readonly atPixels: boolean },
) => Promise<FileMetadata>;

const DEADLINE_MS = 10_000;
/** Twice the largest picture that models make; decoding it costs 100 ms and 64 MB. */
const MAX_PIXELS = 16_777_216;

/** In the worker pool, because the file is hostile: its readers and the decoder run there with a deadline and a memory ceiling. */
export function createForeignReader(pool: WorkerPool, deadlineMs: number = DEADLINE_MS): ReadForeign {
  return async (bytes, { atPixels } = { atPixels: true }) => {
    const outcome = await pool.run<ForeignInput, FileMetadata>({
      module: jobModule(import.meta.url, './foreign-job'),
      input: { bytes, maxPixels: atPixels ? MAX_PIXELS : 0 },
      deadlineMs,
      parse: (output) => fileMetadataSchema.parse(output),
    });
    return outcome.kind === 'done' ? outcome.output : unreadMetadata(`malformed:reader_${outcome.kind}`);
  };
}
