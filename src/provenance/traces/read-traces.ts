import type { ImageInspector } from '../../detectors/inspect-image.ts';
import type { MarkKey } from '../../watermark/mark-key.ts';
import type { SeenMark } from '../../watermark/seen-mark.ts';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { type FileMetadata, unreadMetadata } from '../foreign/file-metadata.ts';
import { type FileTraces, fileTracesSchema } from './file-traces.ts';
import type { TracesInput } from './traces-job.ts';

export interface SeenTraces {
  readonly metadata: FileMetadata;
  /** Null when the pixels were not looked at. */
  readonly mark: SeenMark | null;
}

/**
 * Looks into a file once for everything that verification wants to know of it. Never rejects: of a file that breaks its reader the metadata are `unreadable` and so
 * is the mark, with the reason. What the pixels say beyond that, the inspector knows afterwards.
 */
export type ReadTraces = (
  bytes: Uint8Array,
  options: { /** Looks for what stands in the pixels, too; otherwise only at fields. */ readonly atPixels: boolean },
) => Promise<SeenTraces>;

interface TracesParts {
  readonly pool: WorkerPool;
  readonly keys: readonly MarkKey[];
  readonly inspector: Pick<ImageInspector, 'remember'>;
  readonly deadlineMs?: number;
}

/** As long as the search for a mark may take by itself. */
const DEADLINE_MS = 30_000;
/** Twice the largest picture that models make. */
const MAX_FOREIGN_PIXELS = 16_777_216;

/** In the worker pool, because the file is hostile: its readers and the decoder run there with a deadline and a memory ceiling. */
export function createTraceReader({ pool, keys, inspector, deadlineMs = DEADLINE_MS }: TracesParts): ReadTraces {
  return async (bytes, { atPixels }) => {
    const outcome = await pool.run<TracesInput, FileTraces>({
      module: jobModule(import.meta.url, './traces-job'),
      // The parts of a page are searched by `imprimatur watermark detect`: five times the work, and most files bear no mark.
      input: { bytes, mark: atPixels ? { keys, options: { effort: 'standard' } } : null, maxForeignPixels: MAX_FOREIGN_PIXELS },
      deadlineMs,
      parse: (output) => fileTracesSchema.parse(output),
    });
    if (outcome.kind !== 'done')
      return {
        metadata: unreadMetadata(`malformed:reader_${outcome.kind}`),
        mark: atPixels ? { kind: 'unreadable', reason: outcome.kind } : null,
      };
    const { metadata, pixels } = outcome.output;
    if (pixels !== null) inspector.remember(bytes, pixels.inspection);
    return { metadata, mark: pixels?.mark ?? null };
  };
}
